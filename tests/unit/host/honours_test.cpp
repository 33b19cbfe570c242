#include "core/host/honours.hpp"

#include <doctest/doctest.h>

using namespace jarvis;

namespace {

FileChange config_change(const std::string& after) {
  return {"config.toml", "", after};
}

std::string outcome(const FileChange& change, const Provided& runner, const std::string& dialect) {
  const auto checked = check_honoured({change}, runner, dialect);
  return checked ? "ok" : checked.error().message;
}

}  // namespace

TEST_CASE(
    "honours: what a runner says of a dialect holds there instead of what it says of others") {
  Provided runner;
  runner.id = "any";
  runner.honours = {"config.toml:models.*.top_p", "agents/*/system_prompt.md"};
  runner.dialects["openjarvis"].honours = {"config.toml:agent.max_turns"};
  const FileChange own = config_change("[models.m]\ntop_p = 0.5\n");
  const FileChange theirs = config_change("[agent]\nmax_turns = 4\n");
  const FileChange prompt{"agents/rlm/system_prompt.md", std::nullopt, "x"};
  CHECK(
      outcome(own, runner, "openjarvis") ==
      "no effect on this student: its runner 'any' does not read 'models.m.top_p' in config.toml");
  CHECK(outcome(prompt, runner, "openjarvis").find("no effect on this student") == 0);
  CHECK(outcome(theirs, runner, "jarvis").find("no effect on this student") == 0);
  CHECK(outcome(theirs, runner, "openjarvis") == "ok");
  CHECK(outcome(own, runner, "jarvis") == "ok");
  CHECK(outcome(own, runner, "a third one") == "ok");
}
