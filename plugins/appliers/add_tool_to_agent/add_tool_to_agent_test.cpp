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
  Fixture() : ApplierFixture(PLUGIN_DIR "/add-tool-to-agent.so", "add_tool_to_agent") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json::object adding(const char* agent, const char* tool) {
  return {{"agent", agent}, {"tool_name", tool}};
}

/** config.toml after adding tool "new" to agent "a". */
std::string after(const std::string& config) {
  Fixture home;
  home.write("config.toml", config);
  const Answer answer = home.edit(adding("a", "new"));
  CHECK_MESSAGE(answer.ok(), answer.message);
  return home.read("config.toml");
}

}  // namespace

TEST_CASE("add_tool_to_agent: refuses missing fields and bad names") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(home.edit({}).message == "field 'payload.agent' is missing");
  CHECK(home.edit({{"agent", "a"}}).message == "field 'payload.tool_name' is missing");
  for (const char* bad : {"", "../x", "Tool", "a,b", "a\"]", "a\nb", "a b",
                          "\xE2\x80\x8B"
                          "a"}) {
    CHECK(home.edit(adding("a", bad)).status == JARVIS_INVALID);
    CHECK(home.edit(adding(bad, "a")).status == JARVIS_INVALID);
  }
}

TEST_CASE("add_tool_to_agent: refuses a tool that the agent has, by itself or from elsewhere") {
  for (const char* config : {"[agent.a]\ntools = ['new']\n", "[agent.a]\ntools = 'x, new ,y'\n",
                             "[agent]\ntools = 'new'\n", "[tools]\nenabled = ['new']\n"}) {
    Fixture home;
    home.write("config.toml", config);
    CHECK(home.edit(adding("a", "new")).message ==
          "no change: agent 'a' has the tool 'new' already");
  }
}

TEST_CASE("add_tool_to_agent: refuses a setting that is no list of names, with its line") {
  for (const char* config : {"[agent.a]\ntools = 1\n", "[agent.a]\ntools = ['x', 1]\n",
                             "[agent.a]\ntools = { x = 1 }\n", "[tools]\nenabled = true\n"}) {
    Fixture home;
    home.write("config.toml", config);
    const Answer answer = home.edit(adding("a", "new"));
    CHECK(answer.status == JARVIS_REFUSED);
    CHECK(contains(answer.message, "config.toml:2 is not a list of tool names"));
  }
}

TEST_CASE("add_tool_to_agent: refuses an agent that has the name of a setting") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(contains(home.edit(adding("tools", "new")).message, "has the name of a setting"));
}

TEST_CASE("add_tool_to_agent: refuses a missing, linked or broken config.toml") {
  Fixture home;
  CHECK(home.edit(adding("a", "new")).message == "'config.toml' is missing in the home");
  home.write("config.toml", "[agent.a\n");
  CHECK(home.edit(adding("a", "new")).status == JARVIS_INVALID);
  fs::remove(home.home() / "config.toml");
  fs::create_symlink("/etc/passwd", home.home() / "config.toml");
  CHECK(contains(home.edit(adding("a", "new")).message, "to '/etc/passwd'"));
}

TEST_CASE("add_tool_to_agent: refuses a table of its own in the place of the list") {
  Fixture home;
  home.write("config.toml", "[agent.a.tools]\nx = 1\n");
  CHECK(home.edit(adding("a", "new")).status == JARVIS_REFUSED);
}

TEST_CASE("add_tool_to_agent: appends to an array in its form") {
  CHECK(after("[agent.a]\ntools = [\"x\"] # mine\n") ==
        "[agent.a]\ntools = [\"x\", \"new\"] # mine\n");
  CHECK(after("[agent.a]\ntools = []\n") == "[agent.a]\ntools = [\"new\"]\n");
  CHECK(after("[agent.a]\r\ntools = [\r\n  'x', # one\r\n]\r\n") ==
        "[agent.a]\r\ntools = [\r\n  'x', # one\r\n  \"new\",\r\n]\r\n");
}

TEST_CASE("add_tool_to_agent: adds to a comma string in its form") {
  CHECK(after("[agent.a]\ntools = 'x,y' # c\n") == "[agent.a]\ntools = \"x,y,new\" # c\n");
  CHECK(after("[agent.a]\ntools = 'x, y'\n") == "[agent.a]\ntools = \"x, y, new\"\n");
  CHECK(after("[agent.a]\ntools = ''\n") == "[agent.a]\ntools = \"new\"\n");
  CHECK(after("[agent.a]\ntools = 'x,'\n") == "[agent.a]\ntools = \"x,new\"\n");
}

TEST_CASE("add_tool_to_agent: starts from the tools that the agent has from elsewhere") {
  CHECK(after("[agent]\ntools = 'x,y'\n") ==
        "[agent]\ntools = 'x,y'\n\n[agent.a]\ntools = \"x,y,new\"\n");
  CHECK(after("[tools]\nenabled = ['x']\n") ==
        "[tools]\nenabled = ['x']\n\n[agent.a]\ntools = [\"x\", \"new\"]\n");
  CHECK(after("[agent.a]\nclass = 'c'\n[agent]\ntools = ['y']\n[tools]\nenabled = ''\n") ==
        "[agent.a]\nclass = 'c'\ntools = [\"y\", \"new\"]\n[agent]\ntools = "
        "['y']\n[tools]\nenabled = ''\n");
}

TEST_CASE("add_tool_to_agent: the enabled tools come before those of [agent]") {
  CHECK(contains(after("[agent]\ntools = ['y']\n[tools]\nenabled = ['x']\n"),
                 "[agent.a]\ntools = [\"x\", \"new\"]\n"));
}

TEST_CASE("add_tool_to_agent: an agent's own empty list is a list") {
  CHECK(after("[agent.a]\ntools = []\n[tools]\nenabled = ['x']\n") ==
        "[agent.a]\ntools = [\"new\"]\n[tools]\nenabled = ['x']\n");
}

TEST_CASE("add_tool_to_agent: starts the list of an agent that has none at all") {
  CHECK(after("") == "[agent.a]\ntools = [\"new\"]\n");
  CHECK(after("agent = { a = { class = 'c' } }\n") ==
        "agent = { a = { class = 'c', tools = [\"new\"] } }\n");
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

TEST_CASE("add_tool_to_agent: in OpenJarvis' dialect the tool is enabled for all") {
  Fixture home;
  const std::string dialect = "[learning.distillation.student]\ndialect = \"openjarvis\"\n";
  const std::string before = "[agent]\ndefault_agent = \"react\"\ntools = \"llm\"\n\n" + dialect;
  home.write("config.toml", before);
  CHECK(home.edit({{"agent", "rlm"}, {"tool_name", "think"}})
            .message.find("no settings of agent 'rlm' alone") != std::string::npos);
  CHECK(home.read("config.toml") == before);
  CHECK(home.edit({{"agent", "native_react"}, {"tool_name", "llm"}}).message.find("no change") ==
        0);
  CHECK(home.edit({{"agent", "native_react"}, {"tool_name", "think"}}).ok());
  CHECK(home.read("config.toml").find("enabled = \"llm,think\"") != std::string::npos);
  home.write("config.toml", dialect);
  CHECK(home.edit({{"agent", "simple"}, {"tool_name", "think"}}).message.find("takes no tools") !=
        std::string::npos);
}
