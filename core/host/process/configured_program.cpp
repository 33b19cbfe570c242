#include "core/host/process/configured_program.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

#include "core/base/atomic_file.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSelf = "/proc/self/exe";
constexpr const char* kUsualPath = "/usr/local/bin:/usr/bin:/bin";
constexpr const char* kPlaceholders[] = {"{query}", "{agent}", "{model}", "{home}"};

Error unusable(const std::string& word, const std::string& why, const std::string& hint) {
  return {ErrorKind::configuration, "'" + word + "' " + why, hint};
}

bool is_executable_file(const fs::path& path) {
  std::error_code not_there;
  return fs::is_regular_file(path, not_there) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<fs::path> find_in_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path && *path ? path : kUsualPath);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (!folder.empty() && folder.front() == '/' && is_executable_file(fs::path(folder) / name))
      return fs::path(folder) / name;
  return std::nullopt;
}

bool have_same_bytes(const fs::path& one, const fs::path& other) {
  std::error_code unreadable;
  const auto size = fs::file_size(one, unreadable);
  if (unreadable || size != fs::file_size(other, unreadable) || unreadable) return false;
  const auto first = read_file(one);
  const auto second = read_file(other);
  return first && second && *first == *second;
}

bool is_this_program(const fs::path& file) {
  std::error_code not_there;
  return fs::equivalent(file, kSelf, not_there) || have_same_bytes(file, kSelf);
}

/** The words behind "#!" in the first line of a script; none in anything else. */
std::vector<std::string> interpreter_of(const fs::path& file) {
  constexpr std::size_t kLongestLine = 256;
  std::string line(kLongestLine, '\0');
  std::ifstream script(file, std::ios::binary);
  script.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(script.gcount()));
  if (line.rfind("#!", 0) != 0) return {};
  std::istringstream words(line.substr(2, line.find('\n') - 2));
  std::vector<std::string> found;
  for (std::string word; words >> word;) found.push_back(word);
  return found;
}

bool is_run_by_this_program(const fs::path& file) {
  for (const std::string& word : interpreter_of(file)) {
    const auto path = word.find('/') == std::string::npos ? find_in_path(word) : fs::path(word);
    if (path && is_this_program(*path)) return true;
  }
  return false;
}

Result<fs::path> path_of(const std::string& word) {
  if (word.empty()) return unusable(word, "is empty", "name a program");
  if (word.find('\0') != std::string::npos) return unusable(word, "holds a NUL", "name a program");
  if (word.rfind("~/", 0) == 0)
    if (const char* home = std::getenv("HOME"); home && *home == '/')
      return fs::path(home) / word.substr(2);
  if (word.front() == '/') return fs::path(word);
  if (word.find('/') != std::string::npos)
    return unusable(word, "is neither an absolute path nor the name of a program in PATH",
                    "give its whole path");
  if (auto found = find_in_path(word)) return *std::move(found);
  return unusable(word, "is not in PATH", "install it, or give its whole path");
}

/** Whether `word` is `pattern` with its placeholders filled in, as far as its two ends tell. */
bool is_filled_in(const std::string& word, const std::string& pattern) {
  std::size_t first = std::string::npos;
  std::size_t last = 0;
  for (const std::string placeholder : kPlaceholders)
    if (const std::size_t at = pattern.find(placeholder); at != std::string::npos) {
      first = std::min(first, at);
      last = std::max(last, pattern.rfind(placeholder) + placeholder.size());
    }
  if (first == std::string::npos) return word == pattern;
  const std::string tail = pattern.substr(last);
  return word.size() >= first + tail.size() && word.compare(0, first, pattern, 0, first) == 0 &&
         word.compare(word.size() - tail.size(), tail.size(), tail) == 0;
}

Result<fs::path> program_of(const std::string& word) {
  auto path = path_of(word);
  if (!path) return path;
  std::error_code failed;
  if (!fs::exists(*path, failed))
    return unusable(word, "does not exist", "install it, or correct its path");
  if (!fs::is_regular_file(*path, failed)) return unusable(word, "is not a file", "name a program");
  if (::access(path->c_str(), X_OK) != 0)
    return unusable(word, "may not be executed", "chmod +x it, or name its interpreter first");
  if (is_this_program(*path) || is_run_by_this_program(*path))
    return unusable(word, "is this program, which would call itself: " + path->string(),
                    "give the whole path of another program");
  return path;
}

}  // namespace

Result<fs::path> configured_program(const std::string& word, const std::string& whose) {
  auto program = program_of(word);
  if (!program)
    return Error{program.error().kind, whose + " " + program.error().message, program.error().hint};
  return program;
}

Result<void> require_configured(const std::vector<std::string>& words,
                                const std::vector<std::string>& configured) {
  const auto refused = [](const std::string& what) {
    return Error{ErrorKind::refused, "only the command that the user configured may run: " + what,
                 "use the words of settings.command, with their placeholders filled in"};
  };
  if (words.size() != configured.size())
    return refused(std::to_string(words.size()) + " words, not " +
                   std::to_string(configured.size()));
  // The program itself is never filled in.
  if (words.front() != configured.front())
    return refused("'" + words.front() + "' is not '" + configured.front() + "'");
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (!is_filled_in(words[i], configured[i]))
      return refused("word " + std::to_string(i + 1) + " is not '" + configured[i] + "'");
    if (words[i].find('\0') != std::string::npos)
      return Error{ErrorKind::invalid, "an argument of a program cannot hold a NUL",
                   "leave {query} out of the command: the query then comes on standard input"};
  }
  return {};
}

}  // namespace jarvis
