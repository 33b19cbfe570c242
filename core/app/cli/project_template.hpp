#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

/** One file of a new project. */
struct ProjectFile {
  std::string name;
  std::string text;
};

/** What a project of a kind ("applier") in a language ("cpp") called `name` is made of, sorted by
 * name. Below `templates` the folders common/any, common/<language>, <kind>/any and
 * <kind>/<language> are laid over each other, and each `@NAME@` in a file or its name becomes
 * `name`, which cannot hold an @ itself. unavailable when a folder is missing. */
Result<std::vector<ProjectFile>> project_files(const std::filesystem::path& templates,
                                               const std::string& kind, const std::string& language,
                                               const std::string& name);

/** Makes `directory` with the files, all or nothing: they are written into a folder beside it that
 * takes its name when it is complete. refused when there is anything at `directory`; io when its
 * parent is missing or cannot be written to. */
Result<void> write_project(const std::filesystem::path& directory,
                           const std::vector<ProjectFile>& files);

}  // namespace jarvis
