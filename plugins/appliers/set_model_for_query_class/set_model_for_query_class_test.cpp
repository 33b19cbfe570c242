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
  Fixture()
      : ApplierFixture(PLUGIN_DIR "/set-model-for-query-class.so", "set_model_for_query_class") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json::object route(const char* query_class, const char* model) {
  return {{"query_class", query_class}, {"model", model}};
}

}  // namespace

TEST_CASE("set_model_for_query_class: refuses a home without config.toml") {
  Fixture home;
  const Answer answer = home.edit(route("math", "qwen3:8b"));
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(answer.message == "'config.toml' is missing in the home");
}

TEST_CASE("set_model_for_query_class: refuses missing fields and fields of another type") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(home.edit({}).message == "field 'payload.query_class' is missing");
  CHECK(home.edit({{"query_class", "math"}}).message == "field 'payload.model' is missing");
  CHECK(home.edit({{"query_class", 1}, {"model", "x"}}).message ==
        "field 'payload.query_class' is not a string");
  CHECK(home.edit({{"query_class", "math"}, {"model", json::array{"x"}}}).status == JARVIS_INVALID);
}

TEST_CASE("set_model_for_query_class: refuses an unknown class") {
  Fixture home;
  home.write("config.toml", "");
  for (const char* bad : {"", "Math", "math ", "poetry", "a.b", "general]\n[engine"})
    CHECK(home.edit(route(bad, "x")).status == JARVIS_INVALID);
}

TEST_CASE("set_model_for_query_class: refuses what names no model") {
  Fixture home;
  home.write("config.toml", "");
  const std::string long_name(201, 'm');
  for (const char* bad : {"", " ", "a b", "x\"\n[engine]\nhost = \"http://evil", "a\\", "x\x1B[2J",
                          "\xE2\x80\xAEx", "\xFF", "$(id)", "a;b", long_name.c_str()})
    CHECK(home.edit(route("math", bad)).status == JARVIS_INVALID);
}

TEST_CASE("set_model_for_query_class: refuses when the class goes to that model already") {
  Fixture home;
  home.write("config.toml", "[learning.routing.policy_map]\nmath = 'qwen3:8b'\n");
  const Answer answer = home.edit(route("math", "qwen3:8b"));
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(answer.message.rfind("no change: ", 0) == 0);
}

TEST_CASE("set_model_for_query_class: refuses a config.toml that is a link, naming its target") {
  Fixture home;
  fs::create_symlink("/dotfiles/config.toml", home.home() / "config.toml");
  const Answer answer = home.edit(route("math", "x"));
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(contains(answer.message, "to '/dotfiles/config.toml'"));
}

TEST_CASE("set_model_for_query_class: refuses a config.toml that is no TOML, with its line") {
  Fixture home;
  home.write("config.toml", "a = 1\nb = \n");
  CHECK(contains(home.edit(route("math", "x")).message, "config.toml:2:"));
}

TEST_CASE("set_model_for_query_class: refuses a routing setting that is no table") {
  Fixture home;
  home.write("config.toml", "[learning.routing]\npolicy_map = 'x'\n");
  const Answer answer = home.edit(route("math", "x"));
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(contains(answer.message, "'learning.routing.policy_map' is not a table"));
}

TEST_CASE("set_model_for_query_class: makes the table where there is none") {
  Fixture home;
  home.write("config.toml", "# mine\n[learning]\nenabled = true # yes\n\n[tools]\nenabled = []\n");
  const Answer answer = home.edit(route("general", "hf.co/a/b:Q4_K_M"));
  REQUIRE(answer.ok());
  CHECK(home.read("config.toml") ==
        "# mine\n[learning]\nenabled = true # yes\n\n[learning.routing.policy_map]\ngeneral = "
        "\"hf.co/a/b:Q4_K_M\"\n\n"
        "[tools]\nenabled = []\n");
}

TEST_CASE("set_model_for_query_class: starts an empty file") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(home.edit(route("short", "m")).ok());
  CHECK(home.read("config.toml") == "[learning.routing.policy_map]\nshort = \"m\"\n");
}

TEST_CASE("set_model_for_query_class: changes one class and leaves the others") {
  Fixture home;
  home.write("config.toml",
             "[learning.routing.policy_map]\nmath = 'a' # m\n# code = 'b'\ncode = 'c'\n");
  CHECK(home.edit(route("math", "z")).ok());
  CHECK(home.read("config.toml") ==
        "[learning.routing.policy_map]\nmath = \"z\" # m\n# code = 'b'\ncode = 'c'\n");
}

TEST_CASE("set_model_for_query_class: finds inline and dotted tables and keeps CRLF") {
  Fixture home;
  home.write("config.toml", "learning.routing = { policy_map = { math = 'a' } }\r\n");
  CHECK(home.edit(route("code", "c")).ok());
  CHECK(home.read("config.toml") ==
        "learning.routing = { policy_map = { math = 'a', code = \"c\" } }\r\n");
  home.write("config.toml", "\xEF\xBB\xBF[learning]\r\nrouting.policy_map.math = 'a'");
  CHECK(home.edit(route("code", "c")).ok());
  CHECK(
      home.read("config.toml") ==
      "\xEF\xBB\xBF[learning]\r\nrouting.policy_map.math = 'a'\r\nrouting.policy_map.code = \"c\"");
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

TEST_CASE("set_model_for_query_class: in OpenJarvis' dialect only the model of all can be set") {
  Fixture home;
  const std::string dialect = "[learning.distillation.student]\ndialect = \"openjarvis\"\n";
  home.write("config.toml", "[intelligence]\ndefault_model = \"a\"\n" + dialect);
  for (const char* routed : {"code", "math", "short", "long"}) {
    const Answer answer = home.edit({{"query_class", routed}, {"model", "b"}});
    CHECK(answer.status == JARVIS_REFUSED);
    CHECK(answer.message == "OpenJarvis sends the queries of all classes to one model");
  }
  CHECK(home.edit({{"query_class", "general"}, {"model", "a"}}).status == JARVIS_REFUSED);
  CHECK(home.edit({{"query_class", "general"}, {"model", "b"}}).ok());
  CHECK(home.read("config.toml") == "[intelligence]\ndefault_model = \"b\"\n" + dialect);
}
