#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/home/checkpoint/git_checkpoint.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/home/git_command.hpp"

namespace jarvis::testing {

/** A home with a configuration of nine lines, a prompt and a baseline commit. */
struct CheckpointHome {
  TemporaryDirectory home;
  GitCheckpoint checkpoint{home.path()};
  std::string baseline;

  CheckpointHome() {
    home.write("config.toml", "# mine\na = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\ng = 7\nh = 8\n");
    home.write("agents/simple/system_prompt.md", "be kind\nbe brief\n");
    const auto report = checkpoint.init();
    REQUIRE(report);
    baseline = report->head;
  }

  std::string config() const { return home.read("config.toml"); }
  std::string prompt() const { return home.read("agents/simple/system_prompt.md"); }
  std::string run_git(const std::string& arguments) const { return git(home.path(), arguments); }
  std::string subjects() const { return run_git("log --format=%s"); }
  std::string head() const { return run_git("rev-parse HEAD").substr(0, 40); }

  std::string replaced(std::string text, const std::string& from, const std::string& to) const {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  }
  /** The user edits config.toml. */
  void edit(const std::string& from, const std::string& to) {
    home.write("config.toml", replaced(config(), from, to));
  }
  /** An accepted edit of config.toml; gives its commit. */
  std::string accept(const std::string& from, const std::string& to) {
    const auto done = checkpoint.accept({{"config.toml", config(), replaced(config(), from, to)}},
                                        {"learning: an edit", "", {}});
    REQUIRE(done);
    return *done;
  }
  Result<Reverts> revert(const std::vector<std::string>& commits) {
    return checkpoint.revert(
        commits, std::vector<CommitRequest>(commits.size(), {"learning: roll back", "", {}}),
        TakenBack::session);
  }
  /** Branch, index, files and objects agree. */
  void check_sound() const {
    CHECK(run_git("status --porcelain --untracked-files=no") == "");
    CHECK(checkpoint.dirty_paths()->empty());
    CHECK(run_git("fsck --strict").find("error") == std::string::npos);
  }
};

inline bool says(const Error& error, const std::string& part) {
  return error.message.find(part) != std::string::npos;
}

}  // namespace jarvis::testing
