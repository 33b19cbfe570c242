#include <doctest/doctest.h>

#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/student_parameters.hpp>
#include <jarvis/text/student_settings.hpp>
#include <jarvis/text/tool_list.hpp>

using namespace jarvis::text;

namespace {

TomlDocument config(const std::string& text) {
  return TomlDocument::parse(text, kConfigFile);
}

std::vector<std::string> tools(const std::string& text) {
  return tools_of_agent(config(text), "a").names;
}

}  // namespace

TEST_CASE("student settings: a text of another type is an error with its line and key") {
  const TomlDocument document = config("[agent]\ndefault_agent = 7\n");
  try {
    text_of(document, default_agent_setting());
    FAIL("no error");
  } catch (const jarvis::sdk::Failure& failure) {
    CHECK(failure.status() == JARVIS_INVALID);
    CHECK(std::string(failure.what()) == "config.toml:2: 'agent.default_agent' is not a string");
  }
}

TEST_CASE("student settings: an agent may not take the place of a setting in [agent]") {
  for (const char* name : {"tools", "max_turns", "class", "default_system_prompt"})
    CHECK_THROWS_AS(require_own_table(name), jarvis::sdk::Failure);
  CHECK_NOTHROW(require_own_table("simple"));
}

TEST_CASE("student settings: a class that no runner knows is an error that names it") {
  CHECK_THROWS_WITH_AS(agent_class_of(config("[agent.a]\nclass = 'rlm'\n"), "a"),
                       "config.toml:2: 'agent.a.class' is 'rlm', which is no class of agents that "
                       "a runner knows",
                       jarvis::sdk::Failure);
}

TEST_CASE("student settings: the place that is written is read before its fallbacks") {
  const Setting setting = agent_parameter_setting("a", "org/m:1", "top_p");
  CHECK(dotted(setting.place) == "agent.a.top_p");
  std::string text;
  for (auto path = setting.fallbacks.rbegin(); path != setting.fallbacks.rend(); ++path) {
    TomlDocument document = config(text);
    document.set(*path, 0.5);
    CHECK(dotted(value_of(document, setting)->path) == dotted(*path));
    document.set(setting.place, 0.1);
    CHECK(*value_of(document, setting)->value == 0.1);
  }
}

TEST_CASE("student settings: a model's own parameter is read by agents that set none") {
  const Setting written = model_parameter_setting("org/m:1", "top_p");
  const Setting read = agent_parameter_setting("a", "org/m:1", "top_p");
  CHECK(dotted(written.place) == "models.\"org/m:1\".top_p");
  CHECK(read.fallbacks.front() == written.place);
}

TEST_CASE("student settings: the empty string and an agent's table count as not set") {
  CHECK(text_of(config("[learning.routing.policy_map]\nmath = ''\n[intelligence]\ndefault_model = "
                       "'m'\n"),
                model_setting("math")) == "m");
  CHECK_FALSE(
      value_of(config("[agent.top_p]\nx = 1\n"), agent_parameter_setting("a", "m", "top_p")));
  CHECK(text_of(config(""), model_setting("math")).empty());
}

TEST_CASE("student settings: the class is the agent's, that of all, its name's, or simple") {
  CHECK(
      agent_class_of(config("[agent]\nclass = 'simple'\n[agent.a]\nclass = 'orchestrator'\n"), "a")
          .name == "orchestrator");
  CHECK(agent_class_of(config("[agent]\nclass = 'native_react'\n"), "a").text_protocol);
  CHECK(agent_class_of(config("[agent.a]\nclass = 'react'\n"), "a").name == "native_react");
  CHECK(agent_class_of(config(""), "native_react").text_protocol);
  CHECK(agent_class_of(config(""), "deep_research").name == "simple");
}

TEST_CASE("student settings: tools are the agent's own, the enabled ones, or those of [agent]") {
  using Names = std::vector<std::string>;
  const std::string shared = "[agent]\ntools = 'x, y'\n";
  CHECK(tools(shared) == Names{"x", "y"});
  CHECK(tools(shared + "[tools]\nenabled = ''\n") == Names{"x", "y"});
  CHECK(tools(shared + "[tools]\nenabled = []\n") == Names{"x", "y"});
  CHECK(tools(shared + "[tools]\nenabled = ['z']\n") == Names{"z"});
  CHECK(tools(shared + "[agent.a]\ntools = []\n[tools]\nenabled = ['z']\n").empty());
  CHECK(tools("").empty());
}

TEST_CASE("student parameters: the table has each name once, and its ranges hold their ends") {
  for (const Parameter& parameter : parameters()) {
    CHECK(find_parameter(parameter.name) == &parameter);
    CHECK(parameter.takes(parameter.smallest));
    CHECK(parameter.takes(parameter.largest));
    CHECK_FALSE(parameter.takes(parameter.largest + 1));
    if (parameter.whole) CHECK_FALSE(parameter.takes(parameter.smallest + 0.5));
  }
  CHECK(find_parameter("temp") == nullptr);
  CHECK(find_parameter("max_turns")->wanted() == "a whole number from 1 to 100");
  CHECK(find_parameter("repetition_penalty")->wanted() == "a number from 0.1 to 2");
}
