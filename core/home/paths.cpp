#include "core/home/paths.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <jarvis/text/toml_document.hpp>

#include "core/base/atomic_file.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kManifestLimit = std::size_t{1} << 20;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

Result<fs::path> user_directory() {
  if (const std::string home = environment("HOME"); !home.empty()) return fs::path(home);
  if (const passwd* entry = ::getpwuid(::getuid()); entry && entry->pw_dir && *entry->pw_dir)
    return fs::path(entry->pw_dir);
  return Error{ErrorKind::configuration, "your home directory is unknown: HOME is not set",
               "set OPENJARVIS_HOME, or give --home DIR"};
}

Result<fs::path> expanded(const std::string& text) {
  if (text.empty() || text[0] != '~') return fs::path(text);
  if (text.size() > 1 && text[1] != '/')
    return Error{ErrorKind::configuration, "'" + text + "' names another user's home directory",
                 "write the path in full"};
  const auto user = user_directory();
  if (!user) return user.error();
  return text.size() <= 2 ? *user : *user / text.substr(2);
}

Result<fs::path> resolved(const fs::path& path) {
  std::error_code error;
  fs::path absolute = fs::weakly_canonical(fs::absolute(path), error);
  if (error)
    return Error{ErrorKind::configuration,
                 "cannot resolve the home '" + path.string() + "': " + error.message(),
                 "check the path and its links"};
  if (!absolute.has_filename() && absolute.has_relative_path()) absolute = absolute.parent_path();
  if (fs::exists(absolute, error) && !fs::is_directory(absolute, error))
    return Error{ErrorKind::configuration,
                 "the home '" + absolute.string() + "' is not a directory", "give a directory"};
  return absolute;
}

/** As Python compares project names. */
bool is_openjarvis(const std::string& name) {
  std::string folded;
  for (const unsigned char c : name)
    if (c != '-' && c != '_' && c != '.') folded += static_cast<char>(std::tolower(c));
  return folded == "openjarvis";
}

bool names_openjarvis(const fs::path& manifest) {
  const auto text = read_file(manifest, kManifestLimit);
  if (!text) return false;
  try {
    const auto document = text::TomlDocument::parse(*text, "pyproject.toml");
    const text::TomlPath places[] = {{"project", "name"}, {"tool", "poetry", "name"}};
    for (const auto& place : places)
      if (const text::json::value* name = document.find(place); name && name->is_string())
        return is_openjarvis(std::string(name->as_string()));
  } catch (const sdk::Failure&) {
    return false;  // a file that is not TOML names no project
  }
  return false;
}

bool names_this_project(const fs::path& build_file) {
  const auto text = read_file(build_file, kManifestLimit);
  return text && text->find("project(jarvis-learning") != std::string::npos;
}

}  // namespace

Result<void> check_outside_source_tree(const fs::path& home) {
  for (fs::path folder = home;; folder = folder.parent_path()) {
    if (names_openjarvis(folder / "pyproject.toml") ||
        names_this_project(folder / "CMakeLists.txt"))
      return Error{ErrorKind::configuration,
                   "ConfigurationError: distillation root inside source tree: '" + home.string() +
                       "' lies in the checkout '" + folder.string() + "'",
                   "set OPENJARVIS_HOME to ~/.openjarvis or another directory outside"};
    if (folder == folder.parent_path()) return {};
  }
}

Result<fs::path> resolve_home(const std::optional<std::string>& given) {
  if (given && given->empty())
    return Error{ErrorKind::usage, "--home is empty", "give a directory, or leave it out"};
  std::string chosen = given ? *given : environment("OPENJARVIS_HOME");
  if (chosen.empty())
    if (const std::string data = environment("XDG_DATA_HOME"); !data.empty())
      chosen = data + "/openjarvis";
  const auto path = expanded(chosen.empty() ? "~/.openjarvis" : chosen);
  if (!path) return path.error();
  auto home = resolved(*path);
  if (!home || chosen.empty()) return home;
  if (auto outside = check_outside_source_tree(*home); !outside) return outside.error();
  return home;
}

}  // namespace jarvis
