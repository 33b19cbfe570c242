#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/budget/session_purse.hpp"
#include "core/host/plugin_student.hpp"
#include "tests/support/temporary_directory.hpp"

namespace jarvis::testing {

/** The command runner's real plugin with a home, and a program that it starts. */
class CommandWorld {
 public:
  CommandWorld();

  /** A student whose command is the helper program with these words. */
  std::unique_ptr<PluginStudent> agent(const std::vector<std::string>& words);
  /** A student with any command. */
  std::unique_ptr<PluginStudent> student(const std::vector<std::string>& command);

  const HomeView& home() const { return *home_; }
  /** Processes that were started on this world's home and still run. */
  std::vector<std::string> processes() const;
  /** All files of this world's folder. */
  std::set<std::string> files() const;

  TemporaryDirectory directory;
  int timeout_seconds = 20;
  bool network = false;

 private:
  PluginHost plugins_;
  HttpService http_;
  std::unique_ptr<SessionPurse> purse_;
  std::unique_ptr<HomeView> home_;
};

/** The answer, or "error: " and the message. */
std::string said(const Result<StudentAnswer>& answer);

/** For as long as it lives, programs are looked for in no folder: there is no bubblewrap. */
class NoPath {
 public:
  NoPath();
  ~NoPath();

 private:
  std::string path_;
};

/** Whether bubblewrap can be used on this machine. */
bool has_bubblewrap();

/** How often each case is run: JARVIS_COMMAND_RUNS, or twice. */
int runs();

}  // namespace jarvis::testing
