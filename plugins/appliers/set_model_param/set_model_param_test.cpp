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
  Fixture() : ApplierFixture(PLUGIN_DIR "/set-model-param.so", "set_model_param") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json::object setting(const char* model, const char* param, const json::value& value) {
  return {{"model", model}, {"param", param}, {"value", value}};
}

}  // namespace

TEST_CASE("set_model_param: refuses missing fields and what names no model") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(home.edit({}).message == "field 'payload.model' is missing");
  CHECK(home.edit({{"model", "m"}}).message == "field 'payload.param' is missing");
  CHECK(home.edit({{"model", "m"}, {"param", "top_p"}}).message ==
        "field 'payload.value' is missing");
  const std::string long_name(201, 'm');
  for (const char* bad : {"", " ", "a b", "m\"]\n[security]\nenabled = false", "m]", "a\\",
                          "x\x1B[2J", "\xE2\x80\x8Bm", "\xFF", long_name.c_str()})
    CHECK(home.edit(setting(bad, "top_p", 0.5)).status == JARVIS_INVALID);
}

TEST_CASE("set_model_param: refuses parameters that it does not know") {
  Fixture home;
  home.write("config.toml", "[models.m]\n");
  for (const char* bad : {"", "temp", "host", "Temperature", "temperature ", "a.b", "num_ctx"}) {
    const Answer answer = home.edit(setting("m", bad, 1));
    CHECK(answer.status == JARVIS_REFUSED);
    CHECK(contains(answer.message, "field 'payload.param'"));
    CHECK(contains(answer.hint, "max_tokens"));
  }
  CHECK(home.edit({{"model", "m"}, {"param", 1}, {"value", 1}}).status == JARVIS_INVALID);
}

TEST_CASE("set_model_param: refuses values of another type, whatever is in them") {
  Fixture home;
  home.write("config.toml", "");
  for (const json::value& bad :
       {json::value("0.5"), json::value("5\n[security]\nenabled = false"), json::value(true),
        json::value(nullptr), json::value(json::array{1}), json::value(json::object{})})
    CHECK(home.edit(setting("m", "temperature", bad)).message ==
          "field 'payload.value' is not a number");
}

TEST_CASE("set_model_param: both ends of a range are in it") {
  struct Range {
    const char* param;
    double low, high;
  };
  for (const Range& range :
       {Range{"temperature", 0, 2}, Range{"top_p", 0, 1}, Range{"max_tokens", 1, 1000000},
        Range{"max_turns", 1, 100}, Range{"presence_penalty", -2, 2}}) {
    Fixture home;
    home.write("config.toml", "");
    CHECK(home.edit(setting("m", range.param, range.low - 1)).status == JARVIS_REFUSED);
    CHECK(home.edit(setting("m", range.param, range.high + 1)).status == JARVIS_REFUSED);
    CHECK(home.edit(setting("m", range.param, range.low)).ok());
    CHECK(home.edit(setting("m", range.param, range.high)).ok());
  }
}

TEST_CASE("set_model_param: a count takes whole numbers only, and is written as one") {
  Fixture home;
  home.write("config.toml", "");
  CHECK(contains(home.edit(setting("m", "max_tokens", 2.5)).message, "not a whole number"));
  CHECK(home.edit(setting("m", "max_tokens", 500.0)).ok());
  CHECK(home.read("config.toml") == "[models.m]\nmax_tokens = 500\n");
}

TEST_CASE("set_model_param: refuses numbers that are far out") {
  Fixture home;
  home.write("config.toml", "");
  for (const json::value& bad : {json::value(1e308), json::value(-1e308), json::value(INT64_MIN),
                                 json::value(UINT64_MAX), json::value(2.0000001)})
    CHECK(home.edit(setting("m", "temperature", bad)).status == JARVIS_REFUSED);
}

TEST_CASE("set_model_param: quotes the names of models that need it") {
  for (const char* model : {"Qwen/Qwen3.5-9B", "qwen3.5:9b", "hf.co/a/b:Q4_K_M", "a.b", "m@1+2"}) {
    Fixture home;
    home.write("config.toml", "# mine\n");
    CHECK(home.edit(setting(model, "temperature", 0.5)).ok());
    CHECK(home.read("config.toml") ==
          "# mine\n\n[models.\"" + std::string(model) + "\"]\ntemperature = 0.5\n");
  }
}

TEST_CASE("set_model_param: finds a quoted table, and changes no other model") {
  Fixture home;
  home.write(
      "config.toml",
      "[models.'qwen3.5:9b'] # small\ntop_p = 1 # all\n[models.\"qwen3.5:9b-x\"]\ntop_p = 1\n");
  CHECK(home.edit(setting("qwen3.5:9b", "top_p", 0.5)).ok());
  CHECK(home.read("config.toml") ==
        "[models.'qwen3.5:9b'] # small\ntop_p = 0.5 # all\n[models.\"qwen3.5:9b-x\"]\ntop_p = 1\n");
}

TEST_CASE("set_model_param: a name with dots is one key, not a path") {
  Fixture home;
  home.write("config.toml", "[models.a.b]\ntop_p = 1\n");
  CHECK(home.edit(setting("a.b", "top_p", 0.5)).ok());
  CHECK(contains(home.read("config.toml"), "[models.a.b]\ntop_p = 1\n"));
  CHECK(contains(home.read("config.toml"), "[models.\"a.b\"]\ntop_p = 0.5\n"));
}

TEST_CASE("set_model_param: refuses a value that is there already, also as another number") {
  Fixture home;
  home.write("config.toml", "[models.m]\ntemperature = 1\n");
  CHECK(home.edit(setting("m", "temperature", 1.0))
            .message.rfind("no change: models.m.temperature = ", 0) == 0);
  CHECK(home.read("config.toml") == "[models.m]\ntemperature = 1\n");
}

TEST_CASE("set_model_param: refuses where the model is no table") {
  Fixture home;
  home.write("config.toml", "[models]\nm = 'x'\n");
  CHECK(contains(home.edit(setting("m", "top_p", 0.5)).message, "'models.m' is not a table"));
  home.write("config.toml", "[[models]]\nx = 1\n");
  CHECK(home.edit(setting("m", "top_p", 0.5)).status == JARVIS_REFUSED);
}

TEST_CASE("set_model_param: keeps CRLF, a byte order mark and a missing final newline") {
  Fixture home;
  home.write("config.toml", "\xEF\xBB\xBF[models.m]\r\ntop_p = 1 # x");
  CHECK(home.edit(setting("m", "max_turns", 9)).ok());
  CHECK(home.read("config.toml") == "\xEF\xBB\xBF[models.m]\r\ntop_p = 1 # x\r\nmax_turns = 9");
}

TEST_CASE("set_model_param: refuses a config.toml that is a link, missing or no TOML") {
  Fixture home;
  CHECK(home.edit(setting("m", "top_p", 0.5)).message == "'config.toml' is missing in the home");
  home.write("config.toml", "[models\n");
  CHECK(home.edit(setting("m", "top_p", 0.5)).status == JARVIS_INVALID);
  fs::remove(home.home() / "config.toml");
  fs::create_symlink("elsewhere", home.home() / "config.toml");
  CHECK(contains(home.edit(setting("m", "top_p", 0.5)).message, "to 'elsewhere'"));
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

TEST_CASE("set_model_param: in OpenJarvis' dialect what it never reads is refused") {
  Fixture home;
  const std::string dialect = "[learning.distillation.student]\ndialect = \"openjarvis\"\n";
  const std::string before = "[intelligence]\ndefault_model = \"m\"\n" + dialect;
  home.write("config.toml", before);
  for (const char* dead : {"top_p", "top_k", "repetition_penalty", "frequency_penalty"}) {
    const Answer answer = home.edit({{"model", "m"}, {"param", dead}, {"value", 1}});
    CHECK(answer.status == JARVIS_REFUSED);
    CHECK(answer.message.find("OpenJarvis never reads") == 0);
  }
  const Answer raised = home.edit({{"model", "m"}, {"param", "max_tokens"}, {"value", 512}});
  CHECK(raised.message == "OpenJarvis raises 'max_tokens' to 1024 at least: 512 would not hold");
  const Answer other = home.edit({{"model", "n"}, {"param", "temperature"}, {"value", 0.5}});
  CHECK(other.message.find("no parameters of model 'n' alone") != std::string::npos);
  CHECK(home.read("config.toml") == before);
}

TEST_CASE(
    "set_model_param: in OpenJarvis' dialect the parameters of the model stand where all's do") {
  Fixture home;
  const std::string dialect = "[learning.distillation.student]\ndialect = \"openjarvis\"\n";
  home.write("config.toml",
             "[intelligence]\ntemperature = 0.7\n\n[agent]\nmax_turns = 10\n\n" + dialect);
  CHECK(home.edit({{"model", "m"}, {"param", "temperature"}, {"value", 0.2}}).ok());
  CHECK(home.edit({{"model", "m"}, {"param", "max_turns"}, {"value", 4}}).ok());
  CHECK(home.read("config.toml") ==
        "[intelligence]\ntemperature = 0.2\n\n[agent]\nmax_turns = 4\n\n" + dialect);
}
