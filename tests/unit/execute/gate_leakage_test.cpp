#include <doctest/doctest.h>

#include "core/session/execute/gate/leakage.hpp"

using namespace jarvis;

namespace {

const std::string kPrompt = "agents/simple/system_prompt.md";
const std::string kExemplars = "agents/simple/few_shot.json";

Task task(const std::string& query, const std::string& gold) {
  Task task;
  task.query = query;
  task.gold = gold;
  return task;
}

const Task kDucks =
    task("How many eggs do the ducks of Janet lay in one week?",
         "The ducks lay sixteen eggs a day, so they lay 16 * 7 eggs in one week.\nA: 112");

std::string leak(const std::string& path, const std::string& after,
                 const std::string& before = "") {
  return leaking_file({{path, before.empty() ? std::nullopt : std::optional(before), after}},
                      {kDucks});
}

}  // namespace

TEST_CASE("leakage: refuses eight words of a gold answer, whatever their case and punctuation") {
  CHECK(leak(kPrompt, "Note: THE DUCKS lay - sixteen eggs a day, so they rest.") == kPrompt);
  CHECK(leak("tools/descriptions.toml", "description = \"the ducks lay sixteen eggs a day so\"") ==
        "tools/descriptions.toml");
}

TEST_CASE(
    "leakage: reads an exemplar's strings, so that a line break in a gold answer hides nothing") {
  const Task lines = task("Name the parts.", "one bolt\ntwo nuts\nthree springs\nfour washers");
  const std::string exemplar =
      R"([{"input":"List it","output":"one bolt\ntwo nuts\nthree springs\nfour washers"}])";
  CHECK(leaking_file({{kExemplars, std::nullopt, exemplar}}, {lines}) == kExemplars);
}

TEST_CASE("leakage: lets seven words of a gold answer pass") {
  CHECK(leak(kPrompt, "the ducks lay sixteen eggs a day") == "");
}

TEST_CASE("leakage: does not count what stood in the file before") {
  const std::string old = "The ducks lay sixteen eggs a day, so they lay many.";
  CHECK(leak(kPrompt, old + "\n\nBe brief.", old) == "");
}

TEST_CASE("leakage: refuses a short answer beside four words of its question") {
  CHECK(leak(kPrompt, "If asked how many eggs do the ducks lay, say 112.") == kPrompt);
  CHECK(leak(kExemplars, R"([{"input":"How many eggs do the ducks lay?","output":"112"}])") ==
        kExemplars);
}

TEST_CASE("leakage: lets a short answer pass that stands apart from its question") {
  CHECK(leak(kPrompt, "There are 112 rules.\n\nCount how many eggs do what.") == "");
  CHECK(leak(kPrompt, "Use at most 112 words.") == "");
  CHECK(leak("config.toml", "# how many eggs do the ducks lay: 112") == "");
}

TEST_CASE("leakage: a number is one word, with or without thousands commas") {
  const Task large = task("What does the house on the hill cost?", "A: 1,250,000");
  CHECK(leaking_file({{kPrompt, std::nullopt, "the house on the hill costs 1250000"}}, {large}) ==
        kPrompt);
  CHECK(leaking_file({{kPrompt, std::nullopt, "the house on the hill costs 250"}}, {large}) == "");
}

TEST_CASE("leakage: finds nothing in a removed file or without tasks") {
  CHECK(leaking_file({{kPrompt, "old", std::nullopt}}, {kDucks}) == "");
  CHECK(leaking_file({{kPrompt, std::nullopt, kDucks.gold}}, {}) == "");
}
