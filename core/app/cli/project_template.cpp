#include "core/app/cli/project_template.hpp"

#include <fcntl.h>
#include <stdio.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPlaceholder = "@NAME@";

std::string filled(std::string text, const std::string& name) {
  for (std::size_t at = 0; (at = text.find(kPlaceholder, at)) != std::string::npos;
       at += name.size())
    text.replace(at, kPlaceholder.size(), name);
  return text;
}

Result<void> add_layer(const fs::path& folder, const std::string& name,
                       std::map<std::string, std::string>& files) {
  std::error_code failed;
  fs::directory_iterator entries(folder, failed);
  if (failed)
    return Error{
        ErrorKind::unavailable,
        "the project template '" + folder.string() + "' cannot be read: " + failed.message(),
        "install the SDK's templates beside the program, in share/jarvis/template"};
  for (const auto& entry : entries) {
    const auto text = read_file(entry.path());
    if (!text) return text.error();
    files[filled(entry.path().filename().string(), name)] = filled(*text, name);
  }
  return {};
}

/** A folder that goes with the object unless it has got its final name. */
class HalfMade {
 public:
  explicit HalfMade(const fs::path& wanted)
      : path_(wanted.parent_path() / ("." + wanted.filename().string() + ".new-" + random_hex(8))) {
  }
  ~HalfMade() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  HalfMade(const HalfMade&) = delete;
  HalfMade& operator=(const HalfMade&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Error not_made(const fs::path& directory, const std::string& why) {
  return {ErrorKind::io, "the project '" + directory.string() + "' cannot be made: " + why,
          "give a folder that is there and that you may write to with --dir"};
}

Error in_the_way(const fs::path& directory) {
  return {ErrorKind::refused, "'" + directory.string() + "' is there already",
          "choose another name, or another folder with --dir"};
}

Result<void> move_into_place(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  if (errno == EEXIST) return in_the_way(to);
  // Some file systems cannot promise to replace nothing; the caller has looked already.
  if (errno == EINVAL && ::rename(from.c_str(), to.c_str()) == 0) return {};
  return not_made(to, std::strerror(errno));
}

}  // namespace

Result<std::vector<ProjectFile>> project_files(const fs::path& templates, const std::string& kind,
                                               const std::string& language,
                                               const std::string& name) {
  std::map<std::string, std::string> files;
  for (const std::string& owner : {std::string("common"), kind})
    for (const std::string& part : {std::string("any"), language})
      if (auto added = add_layer(templates / owner / part, name, files); !added)
        return added.error();
  std::vector<ProjectFile> list;
  for (auto& [file, text] : files) list.push_back({file, std::move(text)});
  return list;
}

Result<void> write_project(const fs::path& directory, const std::vector<ProjectFile>& files) {
  std::error_code failed;
  if (fs::symlink_status(directory, failed).type() != fs::file_type::not_found)
    return in_the_way(directory);
  const HalfMade made(directory);
  if (!fs::create_directory(made.path(), failed)) return not_made(directory, failed.message());
  for (const ProjectFile& file : files) {
    std::ofstream out(made.path() / file.name, std::ios::binary);
    out << file.text;
    out.close();
    if (!out) return not_made(directory, "'" + file.name + "' cannot be written");
  }
  return move_into_place(made.path(), directory);
}

}  // namespace jarvis
