#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

/** True for "agents/simple/system_prompt.md": relative, no "." or "..", no empty part, no control
 * character, no part that git keeps for itself. */
bool is_safe_relative_path(const std::string& path);

/** True for config.toml and for everything below agents/ and tools/. */
bool is_tracked_place(const std::string& path);

enum class Links {
  none,                 ///< a link anywhere below the root is refused
  inside,               ///< links are followed where they lead to a place inside the root
  inside_or_last_part,  ///< as `inside`; the file itself may be a link to anywhere
};

/** The bytes of the regular file `relative` below `root`. not_found when there is none; refused for
 * a path that is not safe and for links that `links` does not allow. */
Result<std::string> read_beneath(const std::filesystem::path& root, const std::string& relative,
                                 Links links);

enum class FoundKind { file, link, other };

struct FoundFile {
  std::string path;  ///< relative to the root
  FoundKind kind = FoundKind::file;
};

enum class NestedRepositories { skip, include };

/** Everything that is not a directory at or below `folder` ("" = all), sorted by path; nothing when
 * it does not exist. Links are listed and not followed. With `skip`, a folder that is a git
 * repository of its own is left out. */
Result<std::vector<FoundFile>> files_beneath(const std::filesystem::path& root,
                                             const std::string& folder, NestedRepositories nested);

}  // namespace jarvis
