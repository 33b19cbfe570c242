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
  Fixture() : ApplierFixture(PLUGIN_DIR "/set-agent-param.so", "set_agent_param") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json::object setting(const char* agent, const char* param, const json::value& value) {
  return {{"agent", agent}, {"param", param}, {"value", value}};
}

}  // namespace

TEST_CASE("set_agent_param: refuses missing fields and bad agents") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(home.edit({}).message == "field 'payload.agent' is missing");
  CHECK(home.edit({{"agent", "a"}}).message == "field 'payload.param' is missing");
  CHECK(home.edit({{"agent", "a"}, {"param", "top_p"}}).message ==
        "field 'payload.value' is missing");
  for (const char* bad : {"", "../x", "A", "a.b", "a\n[engine]", "a]"})
    CHECK(home.edit(setting(bad, "top_p", 0.5)).status == JARVIS_INVALID);
}

TEST_CASE("set_agent_param: refuses parameters that it does not know") {
  Fixture home;
  home.write("config.toml", "[agent.a]\n");
  for (const char* bad :
       {"", "temp", "tools", "class", "Temperature", "temperature ", "engine", "a.b"}) {
    const Answer answer = home.edit(setting("a", bad, 1));
    CHECK(answer.status == JARVIS_REFUSED);
    CHECK(contains(answer.hint, "temperature"));
  }
}

TEST_CASE("set_agent_param: refuses values of another type") {
  Fixture home;
  home.write("config.toml", "");
  for (const json::value& bad : {json::value("0.5"), json::value(true), json::value(nullptr),
                                 json::value(json::array{1}), json::value(json::object{})})
    CHECK(home.edit(setting("a", "temperature", bad)).message ==
          "field 'payload.value' is not a number");
}

TEST_CASE("set_agent_param: every parameter has its range, both ends included") {
  struct Range {
    const char* param;
    double low, high;
  };
  const Range ranges[] = {{"temperature", 0, 2},        {"top_p", 0, 1},
                          {"top_k", 1, 1000},           {"max_tokens", 1, 1000000},
                          {"max_turns", 1, 100},        {"repetition_penalty", 0.1, 2},
                          {"frequency_penalty", -2, 2}, {"presence_penalty", -2, 2}};
  for (const Range& range : ranges) {
    Fixture home;
    home.write("config.toml", "");
    CHECK(home.edit(setting("a", range.param, range.low - 1)).status == JARVIS_REFUSED);
    CHECK(home.edit(setting("a", range.param, range.high + 1)).status == JARVIS_REFUSED);
    CHECK(home.edit(setting("a", range.param, range.low)).ok());
    CHECK(home.edit(setting("a", range.param, range.high)).ok());
  }
}

TEST_CASE("set_agent_param: refuses numbers that are far out") {
  Fixture home;
  home.write("config.toml", "");
  for (const json::value& bad :
       {json::value(1e308), json::value(-1e308), json::value(INT64_MIN), json::value(UINT64_MAX)}) {
    CHECK(home.edit(setting("a", "max_tokens", bad)).status == JARVIS_REFUSED);
    CHECK(home.edit(setting("a", "temperature", bad)).status == JARVIS_REFUSED);
  }
}

TEST_CASE("set_agent_param: a count takes whole numbers only, however they are written") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(contains(home.edit(setting("a", "max_turns", 2.5)).message, "not a whole number"));
  CHECK(home.edit(setting("a", "max_turns", 5.0)).ok());
  CHECK(home.read("config.toml") == "[agent.a]\nmax_turns = 5\n");
}

TEST_CASE("set_agent_param: writes a floating-point number, also when it is round") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(home.edit(setting("a", "temperature", 1)).ok());
  CHECK(home.read("config.toml") == "[agent.a]\ntemperature = 1.0\n");
}

TEST_CASE(
    "set_agent_param: refuses a value that is there already, also as another kind of number") {
  Fixture home;
  home.write("config.toml", "[agent.a]\ntemperature = 1\n");
  CHECK(home.edit(setting("a", "temperature", 1.0))
            .message.rfind("no change: agent.a.temperature", 0) == 0);
}

TEST_CASE("set_agent_param: refuses an agent that has the name of a setting") {
  Fixture home;
  home.write("config.toml", "[agent]\n");
  for (const char* name : {"tools", "max_turns", "default_agent", "class"})
    CHECK(home.edit(setting(name, "top_p", 0.5)).status == JARVIS_REFUSED);
}

TEST_CASE("set_agent_param: refuses where the agent is no table") {
  Fixture home;
  home.write("config.toml", "[agent]\nsimple = 'x'\n");
  CHECK(contains(home.edit(setting("simple", "top_p", 0.5)).message,
                 "'agent.simple' is not a table"));
}

TEST_CASE("set_agent_param: takes no key for another that begins like it") {
  Fixture home;
  home.write(
      "config.toml",
      "[agent.a]\ntop_p_scale = 1\n# top_p = 1\ntemperature_scale = 3\n[agent.ab]\ntop_p = 1\n");
  CHECK(home.edit(setting("a", "top_p", 0.5)).ok());
  CHECK(home.read("config.toml") ==
        "[agent.a]\ntop_p_scale = 1\n# top_p = 1\ntemperature_scale = 3\ntop_p = "
        "0.5\n[agent.ab]\ntop_p = 1\n");
}

TEST_CASE("set_agent_param: edits headers with comments, CRLF and no final newline") {
  Fixture home;
  home.write("config.toml",
             "[agent] # all\r\nmax_turns = 3\r\n\r\n[agent.a] # one\r\nmax_turns = 4 # few");
  CHECK(home.edit(setting("a", "max_turns", 9)).ok());
  CHECK(home.read("config.toml") ==
        "[agent] # all\r\nmax_turns = 3\r\n\r\n[agent.a] # one\r\nmax_turns = 9 # few");
}

TEST_CASE("set_agent_param: refuses a config.toml that is a link or missing") {
  Fixture home;
  CHECK(home.edit(setting("a", "top_p", 0.5)).message == "'config.toml' is missing in the home");
  fs::create_symlink("elsewhere", home.home() / "config.toml");
  CHECK(contains(home.edit(setting("a", "top_p", 0.5)).message, "to 'elsewhere'"));
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

TEST_CASE("set_agent_param: in OpenJarvis' dialect only an agent that answers stands for all") {
  Fixture home;
  const std::string dialect = "[learning.distillation.student]\ndialect = \"openjarvis\"\n";
  const std::string before = "[agent]\nmax_turns = 10\n\n" + dialect;
  home.write("config.toml", before);
  const auto setting = [](const char* agent, const char* param, double value) {
    return json::object{{"agent", agent}, {"param", param}, {"value", value}};
  };
  const Answer other = home.edit(setting("native_react", "max_turns", 4));
  CHECK(other.status == JARVIS_REFUSED);
  CHECK(other.message.find("no settings of agent 'native_react' alone") != std::string::npos);
  CHECK(home.edit(setting("simple", "max_turns", 4)).message.find("takes no tools") !=
        std::string::npos);
  CHECK(home.edit(setting("simple", "top_p", 0.5)).message.find("OpenJarvis never reads") == 0);
  CHECK(home.read("config.toml") == before);
  CHECK(home.edit(setting("orchestrator", "max_turns", 4)).ok());
  CHECK(home.read("config.toml") == "[agent]\nmax_turns = 4\n\n" + dialect);
}
