#include "tests/support/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace jarvis::testing {

namespace fs = std::filesystem;

namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string taken(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  std::error_code not_there;
  fs::remove(path, not_there);
  return text.str();
}

/** What the child does before it becomes the program. */
class Actions {
 public:
  Actions() { posix_spawn_file_actions_init(&actions_); }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  void open(int descriptor, const fs::path& path, int flags) {
    posix_spawn_file_actions_addopen(&actions_, descriptor, path.c_str(), flags, 0600);
  }
  void change_to(const fs::path& directory) {
    posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

boost::json::object Finished::json() const {
  boost::system::error_code error;
  const auto document = boost::json::parse(out, error);
  if (error || !document.is_object())
    throw std::runtime_error("stdout is no JSON document (exit " + std::to_string(status) + "):\n" +
                             out + err);
  return document.as_object();
}

Finished run_program(const Launch& launch) {
  static std::atomic<int> serial{0};
  const std::string name = "output-" + std::to_string(++serial);
  const fs::path out = launch.directory / (name + ".out");
  const fs::path err = launch.directory / (name + ".err");
  Actions actions;
  actions.open(0, "/dev/null", O_RDONLY);
  if (launch.out.empty())
    actions.open(1, out, O_WRONLY | O_CREAT | O_TRUNC);
  else
    actions.open(1, launch.out, O_WRONLY | O_NOCTTY);
  actions.open(2, err, O_WRONLY | O_CREAT | O_TRUNC);
  actions.change_to(launch.directory);
  std::vector<std::string> words = launch.words, environment;
  for (const auto& [key, value] : launch.environment) environment.push_back(key + "=" + value);
  pid_t child = 0;
  const int error = posix_spawn(&child, words.front().c_str(), actions.get(), nullptr,
                                pointers_to(words).data(), pointers_to(environment).data());
  if (error != 0)
    throw std::runtime_error("cannot start '" + words.front() + "': " + std::strerror(error));
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw std::runtime_error("cannot wait for '" + words.front() + "'");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), taken(out), taken(err)};
}

}  // namespace jarvis::testing
