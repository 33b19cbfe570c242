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
  Fixture() : ApplierFixture(PLUGIN_DIR "/remove-tool-from-agent.so", "remove_tool_from_agent") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json::object removing(const char* agent, const char* tool) {
  return {{"agent", agent}, {"tool_name", tool}};
}

/** config.toml after taking tool "old" from agent "a". */
std::string after(const std::string& config) {
  Fixture home;
  home.write("config.toml", config);
  const Answer answer = home.edit(removing("a", "old"));
  CHECK_MESSAGE(answer.ok(), answer.message);
  return home.read("config.toml");
}

}  // namespace

TEST_CASE("remove_tool_from_agent: refuses missing fields and bad names") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(home.edit({}).message == "field 'payload.agent' is missing");
  CHECK(home.edit({{"agent", "a"}}).message == "field 'payload.tool_name' is missing");
  CHECK(home.edit({{"agent", "a"}, {"tool_name", json::array{"old"}}}).status == JARVIS_INVALID);
  for (const char* bad : {"", "../x", "Tool", "a,b", "a\"]", "a\nb", "a b", "*", "\xE2\x80\xAE"}) {
    CHECK(home.edit(removing("a", bad)).status == JARVIS_INVALID);
    CHECK(home.edit(removing(bad, "a")).status == JARVIS_INVALID);
  }
}

TEST_CASE("remove_tool_from_agent: refuses a tool that the agent does not have") {
  for (const char* config :
       {"", "[agent.a]\ntools = ['older']\n", "[agent.a]\ntools = []\n[tools]\nenabled = ['old']\n",
        "[agent.b]\ntools = ['old']\n", "# tools = ['old']\n[agent.a]\ntools = 'olds, ol'\n"}) {
    Fixture home;
    home.write("config.toml", config);
    CHECK(home.edit(removing("a", "old")).message == "no change: agent 'a' has no tool 'old'");
    CHECK(home.read("config.toml") == config);
  }
}

TEST_CASE("remove_tool_from_agent: refuses a setting that is no list of names, with its line") {
  for (const char* config : {"[agent.a]\ntools = 1\n", "[agent.a]\ntools = ['old', 1]\n",
                             "[agent.a]\ntools = { old = 1 }\n", "[tools]\nenabled = true\n"}) {
    Fixture home;
    home.write("config.toml", config);
    const Answer answer = home.edit(removing("a", "old"));
    CHECK(answer.status == JARVIS_REFUSED);
    CHECK(contains(answer.message, "config.toml:2 is not a list of tool names"));
  }
}

TEST_CASE("remove_tool_from_agent: refuses an agent that has the name of a setting") {
  Fixture home;
  home.write("config.toml", "[agent]\ntools = 'old'\n");
  CHECK(contains(home.edit(removing("tools", "old")).message, "has the name of a setting"));
}

TEST_CASE("remove_tool_from_agent: refuses a config.toml that is missing, no TOML, or a link") {
  Fixture home;
  CHECK(home.edit(removing("a", "old")).message == "'config.toml' is missing in the home");
  home.write("config.toml", "[agent.a\n");
  CHECK(home.edit(removing("a", "old")).status == JARVIS_INVALID);
  fs::remove(home.home() / "config.toml");
  fs::create_symlink("/etc/passwd", home.home() / "config.toml");
  CHECK(contains(home.edit(removing("a", "old")).message, "to '/etc/passwd'"));
}

TEST_CASE("remove_tool_from_agent: takes the first, the last and a middle one from an array") {
  CHECK(after("[agent.a]\ntools = [\"old\", \"x\"] # mine\n") ==
        "[agent.a]\ntools = [\"x\"] # mine\n");
  CHECK(after("[agent.a]\ntools = [\"x\", \"old\"]\n") == "[agent.a]\ntools = [\"x\"]\n");
  CHECK(after("[agent.a]\ntools = ['x', 'old', 'y']\n") == "[agent.a]\ntools = ['x', 'y']\n");
}

TEST_CASE("remove_tool_from_agent: leaves an empty list, not the tools from elsewhere") {
  CHECK(after("[agent.a]\ntools = ['old']\n[tools]\nenabled = ['x']\n") ==
        "[agent.a]\ntools = []\n[tools]\nenabled = ['x']\n");
  CHECK(after("[agent.a]\ntools = 'old'\n") == "[agent.a]\ntools = []\n");
}

TEST_CASE("remove_tool_from_agent: keeps the lines and the comments of an array") {
  CHECK(after("[agent.a]\r\ntools = [\r\n  'x', # one\r\n  'old',\r\n  'y', # two\r\n]\r\n") ==
        "[agent.a]\r\ntools = [\r\n  'x', # one\r\n  'y', # two\r\n]\r\n");
}

TEST_CASE("remove_tool_from_agent: takes a tool that stands twice") {
  CHECK(after("[agent.a]\ntools = ['old', 'x', 'old']\n") == "[agent.a]\ntools = ['x']\n");
  CHECK(after("[agent.a]\ntools = 'old,x,old'\n") == "[agent.a]\ntools = \"x\"\n");
}

TEST_CASE("remove_tool_from_agent: takes a name from a comma string in its form") {
  CHECK(after("[agent.a]\ntools = 'x,old,y' # c\n") == "[agent.a]\ntools = \"x,y\" # c\n");
  CHECK(after("[agent.a]\ntools = 'x, old, y'\n") == "[agent.a]\ntools = \"x, y\"\n");
  CHECK(after("[agent.a]\ntools = 'old, x'\n") == "[agent.a]\ntools = \"x\"\n");
  CHECK(after("[agent.a]\ntools = 'x, old'\n") == "[agent.a]\ntools = \"x\"\n");
}

TEST_CASE("remove_tool_from_agent: takes no name for another that begins or ends like it") {
  CHECK(after("[agent.a]\ntools = ['older', 'bold', 'old']\n") ==
        "[agent.a]\ntools = ['older', 'bold']\n");
  CHECK(after("[agent.a]\ntools = 'older,bold,old'\n") == "[agent.a]\ntools = \"older,bold\"\n");
}

TEST_CASE("remove_tool_from_agent: gives the agent a list of its own where the tool is shared") {
  CHECK(after("[agent]\ntools = 'x,old'\n") ==
        "[agent]\ntools = 'x,old'\n\n[agent.a]\ntools = \"x\"\n");
  CHECK(after("[tools]\nenabled = ['old', 'x']\n") ==
        "[tools]\nenabled = ['old', 'x']\n\n[agent.a]\ntools = [\"x\"]\n");
  CHECK(after("[tools]\nenabled = 'old'\n") ==
        "[tools]\nenabled = 'old'\n\n[agent.a]\ntools = []\n");
}

TEST_CASE(
    "manifest: its schema and its example are JSON, and the example is what the applier takes") {
  Fixture home;
  const auto manifest = jarvis::text::TomlDocument::parse(
      *jarvis::text::read_staged_file(PLUGIN_DIR, "plugin.toml"), "plugin.toml");
  const json::object& provides = manifest.values().at("provides").as_array().at(0).as_object();
  CHECK(json::parse(provides.at("payload_schema").as_string()).is_object());
  home.write("config.toml", "[agent.simple]\ntools = ['web_search']\n");
  CHECK(home.edit(json::parse(provides.at("example").as_string()).as_object()).ok());
}

TEST_CASE("remove_tool_from_agent: in OpenJarvis' dialect no other list may come into force") {
  Fixture home;
  const std::string dialect = "[learning.distillation.student]\ndialect = \"openjarvis\"\n";
  home.write("config.toml",
             "[agent]\ntools = \"llm\"\n\n[tools]\nenabled = [\"think\", \"llm\"]\n\n" + dialect);
  CHECK(home.edit({{"agent", "orchestrator"}, {"tool_name", "llm"}}).ok());
  CHECK(home.read("config.toml").find("enabled = [\"think\"]") != std::string::npos);
  const Answer last = home.edit({{"agent", "orchestrator"}, {"tool_name", "think"}});
  CHECK(last.status == JARVIS_REFUSED);
  CHECK(last.message.find("is the last tool in 'tools.enabled'") != std::string::npos);
  CHECK(home.edit({{"agent", "simple"}, {"tool_name", "think"}}).message.find("takes no tools") !=
        std::string::npos);
}
