#include "core/home/checkpoint/commit_log.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/home/checkpoint/git_checkpoint.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/home/git_command.hpp"

using namespace jarvis;
using jarvis::testing::git;
using jarvis::testing::TemporaryDirectory;

TEST_CASE("checkpoint: the times of commits are told, and what is no commit is left out") {
  const TemporaryDirectory home;
  CHECK(!commit_times(home.path(), {"c0ffee"}));
  const auto made = GitCheckpoint(home.path()).init();
  REQUIRE(made);
  const std::string tree = git(home.path(), "rev-parse HEAD^{tree}").substr(0, 40);
  const auto times = commit_times(
      home.path(), {made->head, tree, "", "c0ffee", "no id at all", std::string(40, 'a')});
  REQUIRE(times);
  REQUIRE(times->size() == 1);
  CHECK(times->at(made->head) == std::stod(git(home.path(), "log -1 --format=%ct")));
}

TEST_CASE("checkpoint: no repository is needed to tell no times") {
  const TemporaryDirectory home;
  const auto times = commit_times(home.path(), {});
  REQUIRE(times);
  CHECK(times->empty());
}
