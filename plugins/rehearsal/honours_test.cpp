#include <doctest/doctest.h>

#include "plugins/rehearsal/test_home.hpp"
#include "plugins/shared/honours_check.hpp"

namespace json = boost::json;
namespace rehearsal = jarvis::rehearsal;
using jarvis::shared::HomeFiles;
using jarvis::shared::SettingChange;
using rehearsal::testing::Bench;

namespace {

constexpr const char* kBase = R"(
[agent.tooled]
tools = ["calculator"]
[agent.other]
temperature = 1.9
)";

/** The answers to forty questions. */
std::string answers(const HomeFiles& files, const std::string& agent) {
  Bench bench;
  for (const auto& [name, text] : files) bench.write(name, text);
  std::string all;
  for (std::size_t i = 0; i < 40; ++i) {
    const std::string query = rehearsal::question_text(i);
    const auto question = rehearsal::parse_question(query);
    const auto answer = bench.run(query, question->is_math() ? "math" : "short", agent);
    all +=
        answer.ok() ? std::string(answer.result.at("output").as_string()) + "\n" : answer.message;
  }
  return all;
}

std::vector<SettingChange> every_change() {
  const std::string config = "config.toml", descriptions = "tools/descriptions.toml";
  std::vector<SettingChange> changes{
      {"config.toml:learning.routing.policy_map.*",
       config,
       {"learning", "routing", "policy_map", "math"},
       "rehearsal-large"},
      {"config.toml:intelligence.default_model",
       config,
       {"intelligence", "default_model"},
       "rehearsal-large"},
      {"config.toml:agent.default_agent", config, {"agent", "default_agent"}, "other", ""},
      {"config.toml:agent.default_system_prompt",
       config,
       {"agent", "default_system_prompt"},
       "Go step by step."},
      {"config.toml:agent.class", config, {"agent", "class"}, "native_react"},
      {"config.toml:agent.*.class", config, {"agent", "simple", "class"}, "orchestrator"},
      {"config.toml:agent.*.class", config, {"agent", "simple", "class"}, "native_react"},
      {"config.toml:agent.tools", config, {"agent", "tools"}, "calculator"},
      {"config.toml:agent.*.tools",
       config,
       {"agent", "simple", "tools"},
       json::array{"calculator"}},
      {"config.toml:agent.*.tools", config, {"agent", "tooled", "tools"}, json::array{}, "tooled"},
      {"config.toml:tools.enabled", config, {"tools", "enabled"}, json::array{"calculator"}},
      {"agents/*/system_prompt.md", "agents/simple/system_prompt.md", {}, "Work step by step."},
      {"agents/*/few_shot.json",
       "agents/simple/few_shot.json",
       {},
       R"([{"input": "a", "output": "1 + 1 = 2\nA: 2"}])"},
      {"tools/descriptions.toml:calculator.description",
       descriptions,
       {"calculator", "description"},
       "A thing.",
       "tooled"},
      {"", config, {"agent", "simple", "top_p"}, 0.5},
      {"", config, {"intelligence", "preferred_engine"}, "vllm"},
      {"", descriptions, {"think", "description"}, "A thing.", "tooled"}};
  using jarvis::shared::add_parameter;
  add_parameter(changes, "temperature", 1.9, "rehearsal-small", "simple");
  add_parameter(changes, "max_tokens", 3, "rehearsal-small", "simple");
  add_parameter(changes, "max_turns", 1, "rehearsal-small", "tooled");
  return changes;
}

}  // namespace

TEST_CASE("rehearsal student: exactly the settings that the manifest names change its answers") {
  jarvis::shared::check_honours(PLUGIN_DIR, {{"config.toml", kBase}}, every_change(), answers);
}

TEST_CASE("rehearsal student: a class that no runner knows is an error that names its key") {
  Bench bench;
  bench.write("config.toml", "[agent.simple]\nclass = \"rlm\"\n");
  const auto answer = bench.run("q", "math");
  CHECK(answer.status == JARVIS_INVALID);
  CHECK(answer.message.rfind("config.toml:2: 'agent.simple.class' is 'rlm'", 0) == 0);
}

TEST_CASE("rehearsal student: an agent that plans forgets less, one that reasons aloud least") {
  Bench bench;
  const double simple = bench.score("math");
  bench.write("config.toml", "[agent.simple]\nclass = \"orchestrator\"\n");
  const double planning = bench.score("math");
  bench.write("config.toml", "[agent.simple]\nclass = \"native_react\"\n");
  CHECK(planning > simple);
  CHECK(bench.score("math") > planning);
  CHECK(bench.run(rehearsal::question_text(0), "math")
            .result.at("output")
            .as_string()
            .starts_with("Thought: "));
}
