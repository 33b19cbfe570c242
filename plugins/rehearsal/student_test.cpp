#include <doctest/doctest.h>

#include "plugins/rehearsal/test_home.hpp"

using namespace jarvis;
using rehearsal::testing::Bench;
namespace json = boost::json;

TEST_CASE("rehearsal student: broken files of the home are errors that name them") {
  Bench bench;
  bench.write("config.toml", "[agent\n");
  CHECK(bench.run("q", "math").status == JARVIS_INVALID);
  CHECK(bench.run("q", "math").message.find("config.toml") != std::string::npos);
  bench.write("config.toml", "[agent.simple]\ntemperature = \"hot\"\n");
  CHECK(bench.run("q", "math").message ==
        "config.toml:2: 'agent.simple.temperature' is not a number");
  bench.write("config.toml", "");
  bench.write("agents/simple/few_shot.json", "{}");
  CHECK(bench.run("q", "math").status == JARVIS_INVALID);
  bench.write("agents/simple/few_shot.json", "[\"x\"]");
  CHECK(bench.run("q", "math").status == JARVIS_INVALID);
}

TEST_CASE("rehearsal student: a model that it does not have cannot be reached") {
  Bench bench;
  bench.write("config.toml", "[intelligence]\ndefault_model = \"qwen3:8b\"\n");
  const auto answer = bench.run("q", "math");
  CHECK(answer.status == JARVIS_UNAVAILABLE);
  CHECK(answer.message == "the rehearsal student has no model 'qwen3:8b'");
}

TEST_CASE("rehearsal student: an agent's name cannot lead out of the home") {
  Bench bench;
  CHECK(bench.run("q", "math", "../../etc").status == JARVIS_INVALID);
}

TEST_CASE("rehearsal student: a question outside its family is no crash") {
  Bench bench;
  for (const char* query : {"", "hello", "A crate holds 99999999999 jars.", "\t\n# @"}) {
    const auto answer = bench.run(query, "short");
    REQUIRE(answer.ok());
    CHECK(answer.result.at("output").as_string().find("A: unknown") != json::string::npos);
  }
}

TEST_CASE("rehearsal student: an empty home answers with the small model, always the same") {
  Bench bench;
  for (std::size_t i = 0; i < 20; ++i) {
    const std::string query = rehearsal::question_text(i);
    const auto one = bench.run(query, "math"), two = bench.run(query, "math");
    REQUIRE(one.ok());
    CHECK(one.result == two.result);
    CHECK(one.result.at("model") == "rehearsal-small");
  }
}

TEST_CASE("rehearsal student: the routed model answers its class alone, and better") {
  Bench bench;
  const double small = bench.score("math");
  const double words = bench.score("short");
  bench.write("config.toml", "[learning.routing.policy_map]\nmath = \"rehearsal-large\"\n");
  CHECK(bench.score("math") > small + 0.2);
  CHECK(bench.score("short") == words);
  const auto answer = bench.run(rehearsal::question_text(0), "math");
  CHECK(answer.result.at("model") == "rehearsal-large");
}

TEST_CASE("rehearsal student: the large model is never wrong where the small one is right") {
  Bench bench;
  const auto small = bench.right("math");
  bench.write("config.toml", "[intelligence]\ndefault_model = \"rehearsal-large\"\n");
  const auto large = bench.right("math");
  for (std::size_t i = 0; i < small.size(); ++i) CHECK((!small[i] || large[i]));
}

TEST_CASE("rehearsal student: heat spoils answers, wherever it is set") {
  Bench bench;
  const double cool = bench.score("math");
  for (const char* config :
       {"[agent.simple]\ntemperature = 1.5\n", "[agent]\ntemperature = 1.5\n",
        "[models.rehearsal-small]\ntemperature = 1.5\n", "[intelligence]\ntemperature = 1.5\n"}) {
    CAPTURE(config);
    bench.write("config.toml", config);
    CHECK(bench.score("math") < cool - 0.05);
  }
  bench.write("config.toml", "[agent.simple]\ntemperature = 0.2\n[agent]\ntemperature = 1.5\n");
  CHECK(bench.score("math") == cool);
}

TEST_CASE("rehearsal student: a prompt that says step by step mends second steps") {
  Bench bench;
  const double before = bench.score("math");
  bench.write("agents/simple/system_prompt.md", "Be brief.\n");
  CHECK(bench.score("math") == before);
  bench.write("agents/simple/system_prompt.md", "Work Step by Step.\n");
  CHECK(bench.score("math") > before + 0.2);
  CHECK(bench.run(rehearsal::question_text(0), "math", "other").result.at("output") !=
        json::value(""));
}

TEST_CASE("rehearsal student: exemplars that show their steps help") {
  Bench bench;
  const double before = bench.score("math");
  bench.write("agents/simple/few_shot.json", R"([{"input": "q", "output": "A: 1"}])");
  CHECK(bench.score("math") == before);
  bench.write("agents/simple/few_shot.json", R"([{"input": "q", "output": "1 + 1 = 2\nA: 2"}])");
  CHECK(bench.score("math") > before);
}

TEST_CASE("rehearsal student: the calculator needs its place, a turn and a description") {
  Bench bench;
  const double before = bench.score("math");
  const char* with_tool = "[agent.simple]\ntools = [\"calculator\"]\n";
  bench.write("config.toml", with_tool);
  CHECK(bench.score("math") > before);
  const auto answer = bench.run(rehearsal::question_text(0), "math");
  CHECK(answer.result.at("tool_calls").as_array().size() == 1);
  CHECK(answer.result.at("turns") == 2);
  bench.write("tools/descriptions.toml", "[calculator]\ndescription = \"A thing.\"\n");
  CHECK(bench.score("math") == before);
  bench.write("tools/descriptions.toml", "[calculator]\ndescription = \"Does arithmetic.\"\n");
  CHECK(bench.score("math") > before);
  bench.write("config.toml", std::string(with_tool) + "max_turns = 1\n");
  CHECK(bench.score("math") == before);
  bench.write("config.toml", "[tools]\nenabled = \"think, calculator\"\n");
  CHECK(bench.score("math") > before);
}

TEST_CASE("rehearsal student: a low limit of tokens cuts answers off") {
  Bench bench;
  bench.write("config.toml", "[agent.simple]\nmax_tokens = 3\n");
  CHECK(bench.score("math") == 0);
  CHECK(bench.run(rehearsal::question_text(0), "math").result.at("output").as_string().size() ==
        12);
}

TEST_CASE("rehearsal student: a probe names its models") {
  Bench bench;
  const auto answer = bench.probe();
  REQUIRE(answer.ok());
  CHECK(answer.result.at("models") == json::value({"rehearsal-small", "rehearsal-large"}));
}

TEST_CASE("rehearsal judge: compares final answers, and texts only where there are none") {
  Bench bench;
  const auto score = [&](const char* gold, const char* answer) {
    return bench.judge("q", gold, answer);
  };
  CHECK(score("12 x 7 = 84\nA: 84", "A: 84.0") == 1.0);
  CHECK(score("A: 84", "A: 85") == 0.0);
  CHECK(score("A: pear, fig", "nonsense\na: no\nA:  Pear,  FIG \n") == 1.0);
  CHECK(score("A: 84", "84") == 0.0);
  CHECK(score("A: 84", "A: 84\nignore the rest") == 0.0);
  CHECK(score("A: 84", "") == 0.0);
  CHECK(score("Yes, it is.", " yes,  it IS. ") == 1.0);
  CHECK(score("", "") == 1.0);
}
