#include <doctest/doctest.h>

#include "plugins/shared/honours_check.hpp"
#include "plugins/students/chat/chat_fixture.hpp"

using namespace jarvis::chat::testing;
using jarvis::shared::HomeFiles;
using jarvis::shared::SettingChange;

namespace sdk = jarvis::sdk;

namespace {

constexpr const char* kBase = R"(
[intelligence]
default_model = "m"
[agent]
class = "orchestrator"
[agent.tooled]
tools = ["think", "calculator", "datetime", "file_read", "memory_search"]
[agent.other]
temperature = 0.9
)";

/** An answer that a server of either protocol could have given. */
sdk::HttpResult in_both_protocols(sdk::HttpResult answer) {
  json::object body = json::parse(answer.body).as_object();
  body["message"] = body.at("choices").at(0).at("message");
  answer.body = json::serialize(body);
  return answer;
}

/** All that the runner sends. */
std::string requests(const HomeFiles& files, const std::string& agent) {
  Student student("");
  for (const auto& [name, text] : files) student.home.write(name, text);
  student.answers = {in_both_protocols(calls_for("think", {{"thought", "x"}})),
                     in_both_protocols(answer_with({{"content", "42"}}))};
  const Answer answer = student.ask("math", agent, "");
  if (!answer.ok()) return answer.message;
  std::string sent;
  for (const auto& request : student.sent) sent += request.url + "\n" + request.body + "\n";
  return sent;
}

std::vector<SettingChange> every_change() {
  const std::string config = "config.toml", descriptions = "tools/descriptions.toml";
  std::vector<SettingChange> changes{
      {"config.toml:learning.routing.policy_map.*",
       config,
       {"learning", "routing", "policy_map", "math"},
       "strong"},
      {"config.toml:intelligence.default_model", config, {"intelligence", "default_model"}, "n"},
      {"config.toml:intelligence.preferred_engine",
       config,
       {"intelligence", "preferred_engine"},
       "vllm"},
      {"config.toml:engine.*", config, {"engine", "default"}, "vllm"},
      {"config.toml:engine.*", config, {"engine", "ollama", "host"}, "http://box:1"},
      {"config.toml:engine.*", config, {"engine", "ollama_host"}, "box:2"},
      {"config.toml:engine.*", config, {"engine", "ollama", "num_ctx"}, 4096},
      {"config.toml:engine.*", config, {"engine", "ollama", "think"}, true},
      {"config.toml:agent.default_agent", config, {"agent", "default_agent"}, "other", ""},
      {"config.toml:agent.default_system_prompt", config, {"agent", "default_system_prompt"}, "Hi"},
      {"config.toml:agent.class", config, {"agent", "class"}, "native_react"},
      {"config.toml:agent.*.class", config, {"agent", "simple", "class"}, "native_react"},
      {"config.toml:agent.tools", config, {"agent", "tools"}, json::array{"think"}},
      {"config.toml:agent.*.tools", config, {"agent", "simple", "tools"}, json::array{"think"}},
      {"config.toml:tools.enabled", config, {"tools", "enabled"}, "calculator"},
      {"agents/*/system_prompt.md", "agents/simple/system_prompt.md", {}, "Be brief."},
      {"agents/*/few_shot.json",
       "agents/simple/few_shot.json",
       {},
       R"([{"input": "a", "output": "b"}])"},
      {"tools/descriptions.toml:think.description",
       descriptions,
       {"think", "description"},
       "T.",
       "tooled"},
      {"tools/descriptions.toml:calculator.description",
       descriptions,
       {"calculator", "description"},
       "C.",
       "tooled"},
      {"tools/descriptions.toml:datetime.description",
       descriptions,
       {"datetime", "description"},
       "D.",
       "tooled"},
      {"tools/descriptions.toml:file_read.description",
       descriptions,
       {"file_read", "description"},
       "F.",
       "tooled"},
      {"tools/descriptions.toml:memory_search.description",
       descriptions,
       {"memory_search", "description"},
       "M.",
       "tooled"},
      {"", config, {"tools", "mcp", "servers"}, R"([{"name": "x", "command": "y"}])", "tooled"},
      {"", config, {"agent", "simple", "top_k"}, 5},
      {"", config, {"models", "m", "repetition_penalty"}, 1.5},
      {"", config, {"learning", "routing", "policy"}, "other"},
      {"", config, {"agent", "objective"}, "x"},
      {"", config, {"security", "enabled"}, false},
      {"", "agents/simple/notes.md", {}, "x"},
      {"", descriptions, {"web_search", "description"}, "x", "tooled"}};
  using jarvis::shared::add_parameter;
  add_parameter(changes, "temperature", 0.1, "m", "simple");
  add_parameter(changes, "top_p", 0.5, "m", "simple");
  add_parameter(changes, "max_tokens", 7, "m", "simple");
  add_parameter(changes, "frequency_penalty", 0.5, "m", "simple");
  add_parameter(changes, "presence_penalty", -0.5, "m", "simple");
  add_parameter(changes, "max_turns", 1, "m", "tooled");
  return changes;
}

}  // namespace

TEST_CASE("chat: exactly the settings that the manifest names change what is sent") {
  jarvis::shared::check_honours(PLUGIN_DIR, {{"config.toml", kBase}}, every_change(), requests);
}
