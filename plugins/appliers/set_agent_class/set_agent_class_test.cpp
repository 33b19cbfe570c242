#include <doctest/doctest.h>

#include <jarvis/testing/applier_fixture.hpp>
#include <jarvis/text/staged_file.hpp>
#include <jarvis/text/toml_document.hpp>

namespace fs = std::filesystem;
namespace json = boost::json;
using jarvis::testing::Answer;
using jarvis::testing::ApplierFixture;

namespace {

struct Fixture : ApplierFixture {
  Fixture() : ApplierFixture(PLUGIN_DIR "/set-agent-class.so", "set_agent_class") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json::object becoming(const char* agent, const char* name) {
  return {{"agent", agent}, {"new_class", name}};
}

}  // namespace

TEST_CASE("set_agent_class: refuses missing fields and bad agents") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(home.edit({}).message == "field 'payload.agent' is missing");
  CHECK(home.edit({{"agent", "a"}}).message == "field 'payload.new_class' is missing");
  CHECK(home.edit({{"agent", "a"}, {"new_class", 1}}).status == JARVIS_INVALID);
  for (const char* bad : {"", "../x", "A", "a.b", "a\n[engine]", "a]", "\xE2\x80\x8B"})
    CHECK(home.edit(becoming(bad, "orchestrator")).status == JARVIS_INVALID);
}

TEST_CASE("set_agent_class: refuses a class that no runner knows, and lists those known") {
  Fixture home;
  home.write("config.toml", "");
  for (const char* bad : {"", "Simple", "simple ", "react", "rlm", "claude_code", "x\"\ny = 1"}) {
    const Answer answer = home.edit(becoming("a", bad));
    CHECK(answer.status == JARVIS_REFUSED);
    CHECK(contains(answer.message, "field 'payload.new_class'"));
    CHECK(answer.hint == "use one of simple, orchestrator, native_react");
  }
  CHECK(home.edit(becoming("a", "\xE2\x80\xAE")).status == JARVIS_INVALID);
}

TEST_CASE("set_agent_class: refuses an agent that has the name of a setting") {
  Fixture home;
  home.write("config.toml", "[agent]\nclass = 'simple'\n");
  for (const char* name : {"class", "tools", "default_agent"})
    CHECK(contains(home.edit(becoming(name, "orchestrator")).message, "has the name of a setting"));
}

TEST_CASE("set_agent_class: refuses the class that the agent has, by itself or from elsewhere") {
  for (const auto& [config, agent, name] :
       {std::tuple{"[agent.a]\nclass = 'orchestrator'\n", "a", "orchestrator"},
        std::tuple{"[agent]\nclass = 'orchestrator'\n", "a", "orchestrator"},
        std::tuple{"", "native_react", "native_react"}, std::tuple{"", "a", "simple"}}) {
    Fixture home;
    home.write("config.toml", config);
    CHECK(home.edit(becoming(agent, name)).message ==
          "no change: agent '" + std::string(agent) + "' is of class '" + name + "' already");
  }
}

TEST_CASE("set_agent_class: replaces the class and keeps the comment behind it") {
  Fixture home;
  home.write("config.toml",
             "[agent.a]\nclass = 'simple' # plain\nclassic = 1\n[agent.ab]\nclass = 'x'\n");
  CHECK(home.edit(becoming("a", "native_react")).ok());
  CHECK(home.read("config.toml") ==
        "[agent.a]\nclass = \"native_react\" # plain\nclassic = 1\n[agent.ab]\nclass = 'x'\n");
}

TEST_CASE("set_agent_class: gives the agent a class of its own where all had one") {
  Fixture home;
  home.write("config.toml", "[agent]\nclass = 'orchestrator'\n");
  CHECK(home.edit(becoming("a", "simple")).ok());
  CHECK(home.read("config.toml") ==
        "[agent]\nclass = 'orchestrator'\n\n[agent.a]\nclass = \"simple\"\n");
}

TEST_CASE("set_agent_class: makes the table where there is none, in any form of the file") {
  for (const auto& [config, expected] :
       {std::pair{"", "[agent.a]\nclass = \"orchestrator\"\n"},
        std::pair{"agent = { a = { x = 1 } }\r\n",
                  "agent = { a = { x = 1, class = \"orchestrator\" } }\r\n"},
        std::pair{"[agent.a]\r\nx = 1", "[agent.a]\r\nx = 1\r\nclass = \"orchestrator\""}}) {
    Fixture home;
    home.write("config.toml", config);
    CHECK(home.edit(becoming("a", "orchestrator")).ok());
    CHECK(home.read("config.toml") == expected);
  }
}

TEST_CASE("set_agent_class: a class that no runner knows may be replaced") {
  Fixture home;
  home.write("config.toml", "[agent.a]\nclass = 'claude_code'\n");
  CHECK(home.edit(becoming("a", "simple")).ok());
}

TEST_CASE("set_agent_class: refuses where the present class, or the agent, is something else") {
  Fixture home;
  home.write("config.toml", "[agent.a]\nclass = 1\n");
  CHECK(contains(home.edit(becoming("a", "simple")).message,
                 "config.toml:2: 'agent.a.class' is not a string"));
  home.write("config.toml", "[agent]\na = 'x'\n");
  CHECK(contains(home.edit(becoming("a", "orchestrator")).message, "'agent.a' is not a table"));
  home.write("config.toml", "[agent.a.class]\nx = 1\n");
  CHECK(home.edit(becoming("a", "orchestrator")).status == JARVIS_INVALID);
}

TEST_CASE("set_agent_class: refuses native_react for a prompt that its formatter could not take") {
  for (const char* prompt :
       {"Answer as {\"a\": 1}\n", "{tool_descriptions} {}", "}", "{tool_section}"}) {
    Fixture home;
    home.write("config.toml", "");
    home.write("agents/a/system_prompt.md", prompt);
    CHECK(home.edit(becoming("a", "native_react")).status == JARVIS_REFUSED);
    CHECK(home.edit(becoming("a", "orchestrator")).ok());
  }
}

TEST_CASE("set_agent_class: takes native_react for prompts with doubled braces or none") {
  for (const char* prompt : {"Be kind.\n", "{{}} {tool_descriptions} {skill_examples}\n"}) {
    Fixture home;
    home.write("config.toml", "");
    home.write("agents/a/system_prompt.md", prompt);
    CHECK(home.edit(becoming("a", "native_react")).ok());
    CHECK(home.read("agents/a/system_prompt.md") == prompt);
  }
}

TEST_CASE("set_agent_class: refuses a config.toml that is a link, missing or no TOML") {
  Fixture home;
  CHECK(home.edit(becoming("a", "simple")).message == "'config.toml' is missing in the home");
  home.write("config.toml", "class = \n");
  CHECK(home.edit(becoming("a", "simple")).status == JARVIS_INVALID);
  fs::remove(home.home() / "config.toml");
  fs::create_symlink("elsewhere", home.home() / "config.toml");
  CHECK(contains(home.edit(becoming("a", "simple")).message, "to 'elsewhere'"));
}

TEST_CASE(
    "manifest: its schema and its example are JSON, and the example is what the applier takes") {
  Fixture home;
  const auto manifest = jarvis::text::TomlDocument::parse(
      *jarvis::text::read_staged_file(PLUGIN_DIR, "plugin.toml"), "plugin.toml");
  const json::object& provides = manifest.values().at("provides").as_array().at(0).as_object();
  CHECK(json::parse(provides.at("payload_schema").as_string()).is_object());
  home.write("config.toml", "");
  CHECK(home.edit(json::parse(provides.at("example").as_string()).as_object()).ok());
}

TEST_CASE("set_agent_class: is refused in OpenJarvis' dialect") {
  Fixture home;
  home.write("config.toml", "[learning.distillation.student]\ndialect = \"openjarvis\"\n");
  const Answer answer = home.edit({{"agent", "simple"}, {"new_class", "native_react"}});
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(answer.message.find("OpenJarvis has no class of agent 'simple'") == 0);
}
