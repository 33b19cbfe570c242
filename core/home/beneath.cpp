#include "core/home/beneath.hpp"

#include <algorithm>
#include <cctype>

#include "core/base/atomic_file.hpp"
#include "core/home/paths.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

bool is_reserved(const std::string& part) {
  std::string folded;
  for (const unsigned char c : part) folded += static_cast<char>(std::tolower(c));
  return folded == ".git" || folded == "git~1";
}

bool is_inside(const fs::path& path, const fs::path& root) {
  const auto [at, _] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return at == root.end();
}

Error link_refused(const std::string& relative, const fs::path& link) {
  std::error_code ignored;
  return {ErrorKind::refused,
          "'" + relative + "' is reached through the symbolic link '" + link.string() + "' -> '" +
              fs::read_symlink(link, ignored).string() + "'",
          "replace the link by what it points to"};
}

/** The first link on the way from `root` to `relative`, the last part included; empty when there is
 * none. */
fs::path first_link(const fs::path& root, const std::string& relative) {
  fs::path path = root;
  std::error_code ignored;
  for (const fs::path& part : fs::path(relative)) {
    path /= part;
    if (fs::is_symlink(fs::symlink_status(path, ignored))) return path;
  }
  return {};
}

Result<void> check_links(const fs::path& root, const std::string& relative, Links links) {
  const fs::path link = first_link(root, relative);
  if (link.empty()) return {};
  if (links == Links::none) return link_refused(relative, link);
  const fs::path whole = root / relative;
  const fs::path checked = links == Links::inside ? whole : whole.parent_path();
  std::error_code error;
  const fs::path target = fs::weakly_canonical(checked, error);
  if (error || !is_inside(target, fs::weakly_canonical(root, error)))
    return link_refused(relative, link);
  return {};
}

FoundKind kind_of(const fs::file_status& status) {
  if (fs::is_symlink(status)) return FoundKind::link;
  return fs::is_regular_file(status) ? FoundKind::file : FoundKind::other;
}

void collect(const fs::path& root, const fs::path& relative, NestedRepositories nested,
             std::vector<FoundFile>& found) {
  const fs::path path = root / relative;
  const fs::file_status status = fs::symlink_status(path);
  if (status.type() == fs::file_type::not_found) return;
  if (!fs::is_directory(status)) {
    found.push_back({relative.generic_string(), kind_of(status)});
    return;
  }
  if (nested == NestedRepositories::skip && fs::exists(fs::symlink_status(path / ".git"))) return;
  for (const fs::directory_entry& entry : fs::directory_iterator(path))
    collect(root, relative / entry.path().filename(), nested, found);
}

}  // namespace

bool is_safe_relative_path(const std::string& path) {
  if (path.empty() || path.front() == '/' || path.back() == '/') return false;
  if (std::any_of(path.begin(), path.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    return false;
  if (path.find("//") != std::string::npos) return false;
  for (const fs::path& part : fs::path(path))
    if (part == "." || part == ".." || is_reserved(part.string())) return false;
  return true;
}

bool is_tracked_place(const std::string& path) {
  return path == kConfigFile || path.starts_with(std::string(kAgentsFolder) + "/") ||
         path.starts_with(std::string(kToolsFolder) + "/");
}

Result<std::string> read_beneath(const fs::path& root, const std::string& relative, Links links) {
  if (!is_safe_relative_path(relative))
    return Error{ErrorKind::refused, "'" + relative + "' is not a path below the home", ""};
  if (auto checked = check_links(root, relative, links); !checked) return checked.error();
  return read_file(root / relative);
}

Result<std::vector<FoundFile>> files_beneath(const fs::path& root, const std::string& folder,
                                             NestedRepositories nested) {
  std::vector<FoundFile> found;
  try {
    collect(root, folder, nested, found);
  } catch (const fs::filesystem_error& error) {
    return Error{ErrorKind::io, "cannot list '" + (root / folder).string() + "': " + error.what(),
                 "check the rights on it"};
  }
  std::sort(found.begin(), found.end(),
            [](const FoundFile& one, const FoundFile& other) { return one.path < other.path; });
  return found;
}

}  // namespace jarvis
