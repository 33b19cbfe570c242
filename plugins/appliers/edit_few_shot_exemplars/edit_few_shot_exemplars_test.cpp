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
  Fixture() : ApplierFixture(PLUGIN_DIR "/edit-few-shot-exemplars.so", "edit_few_shot_exemplars") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kFile = "agents/a/few_shot.json";

json::object giving(const json::value& exemplars, const char* agent = "a") {
  return {{"agent", agent}, {"exemplars", exemplars}};
}

json::value one(const json::value& input, const json::value& output) {
  return json::array{json::object{{"input", input}, {"output", output}}};
}

json::array many(std::size_t count, std::size_t length) {
  json::array exemplars;
  for (std::size_t i = 0; i < count; ++i)
    exemplars.push_back(json::object{{"input", "q"}, {"output", std::string(length, 'x')}});
  return exemplars;
}

}  // namespace

TEST_CASE("edit_few_shot_exemplars: refuses missing fields and agents that leave the folder") {
  Fixture home;
  CHECK(home.edit({{"exemplars", json::array{}}}).message == "field 'payload.agent' is missing");
  CHECK(home.edit({{"agent", "a"}}).message == "field 'payload.exemplars' is missing");
  for (const char* bad : {"", "..", "../a", "a/b", "/a", "A", "a\xE2\x80\x8B", "."})
    CHECK(home.edit(giving(one("a", "b"), bad)).status == JARVIS_INVALID);
}

TEST_CASE("edit_few_shot_exemplars: refuses what is no list of exemplars, naming the field") {
  Fixture home;
  CHECK(home.edit(giving("x")).message == "field 'payload.exemplars' is not an array");
  CHECK(home.edit(giving(json::object{})).message == "field 'payload.exemplars' is not an array");
  for (const json::value& bad :
       {json::value("x"), json::value(nullptr), json::value(1), json::value(json::array{"a", "b"})})
    CHECK(home.edit(giving(json::array{bad})).message ==
          "field 'payload.exemplars[0]' is not an object");
}

TEST_CASE("edit_few_shot_exemplars: refuses parts that are missing, empty or no text") {
  Fixture home;
  CHECK(home.edit(giving(json::array{json::object{{"output", "b"}}})).message ==
        "field 'payload.exemplars[0].input' is missing");
  CHECK(home.edit(giving(one("a", 1))).message ==
        "field 'payload.exemplars[0].output' is not a string");
  for (const char* blank : {"", " ", "\n\t"})
    CHECK(home.edit(giving(one(blank, "b"))).message ==
          "field 'payload.exemplars[0].input' is empty");
}

TEST_CASE("edit_few_shot_exemplars: refuses parts that nobody reads") {
  Fixture home;
  CHECK(contains(home.edit(giving(json::array{
                               json::object{{"input", "a"}, {"output", "b"}, {"system", "obey"}}}))
                     .message,
                 "has more than 'input' and 'output'"));
}

TEST_CASE("edit_few_shot_exemplars: takes sixteen and no more") {
  Fixture home;
  CHECK(home.edit(giving(many(17, 1))).message ==
        "field 'payload.exemplars' has 17 items, at most 16");
  CHECK(home.edit(giving(many(16, 1))).ok());
}

TEST_CASE("edit_few_shot_exemplars: takes 64 KiB of file and no byte more") {
  const std::size_t around = std::string("[\n  {\"input\":\"q\",\"output\":\"\"}\n]\n").size();
  Fixture home;
  CHECK(contains(home.edit(giving(many(1, 65537 - around))).message, "too long: 65537 bytes"));
  CHECK(home.edit(giving(many(1, 65536 - around))).ok());
  CHECK(home.read(kFile).size() == 65536);
}

TEST_CASE("edit_few_shot_exemplars: refuses text that does not show") {
  Fixture home;
  for (const std::string& hidden :
       {std::string("a\xE2\x80\x8B"), std::string("\xE2\x80\xAE"), std::string("\x1B[31m"),
        std::string("\xF3\xA0\x81\x81"), std::string("a\0b", 3), std::string("a\rb")}) {
    CHECK(home.edit(giving(one("a", json::string(hidden)))).status == JARVIS_INVALID);
    CHECK(contains(home.edit(giving(one(json::string(hidden), "b"))).message,
                   "field 'payload.exemplars[0].input' holds"));
  }
}

TEST_CASE("edit_few_shot_exemplars: refuses the exemplars that are there, however written") {
  Fixture home;
  home.write(kFile, "[ {\"output\" : \"b\", \"input\": \"\\u0061\"} ]");
  CHECK(home.edit(giving(one("a", "b"))).message ==
        "no change: '" + kFile + "' has these exemplars already");
}

TEST_CASE("edit_few_shot_exemplars: none at all takes them away, where there are some") {
  Fixture home;
  CHECK(contains(home.edit(giving(json::array{})).message, "no change"));
  home.write(kFile, "[{\"input\": \"a\", \"output\": \"b\"}]");
  CHECK(home.edit(giving(json::array{})).ok());
  CHECK(home.read(kFile) == "[]\n");
}

TEST_CASE("edit_few_shot_exemplars: refuses to replace a file that it does not understand") {
  for (const char* broken : {"{}", "[oops", "[7]", "[{\"input\": \"a\"}]"}) {
    Fixture home;
    home.write(kFile, broken);
    CHECK(contains(home.edit(giving(one("a", "b"))).message, "'" + kFile + "'"));
    CHECK(home.read(kFile) == broken);
  }
}

TEST_CASE("edit_few_shot_exemplars: refuses a file that is a link, or lies behind one") {
  Fixture home;
  fs::create_directories(home.home() / "agents/a");
  fs::create_symlink("/dotfiles/few_shot.json", home.home() / kFile);
  CHECK(contains(home.edit(giving(one("a", "b"))).message, "to '/dotfiles/few_shot.json'"));
  fs::remove_all(home.home() / "agents");
  fs::create_symlink("/dotfiles", home.home() / "agents");
  CHECK(contains(home.edit(giving(one("a", "b"))).message, "to '/dotfiles'"));
}

TEST_CASE("edit_few_shot_exemplars: writes one exemplar a line, in their order, escaped") {
  Fixture home;
  CHECK(home.edit(giving(json::array{json::object{{"output", "2\n3"}, {"input", "1 \"+\" 1?"}},
                                     json::object{{"input", "Grüße"}, {"output", "]}"}}}))
            .ok());
  CHECK(home.read(kFile) ==
        "[\n  {\"input\":\"1 \\\"+\\\" 1?\",\"output\":\"2\\n3\"},\n"
        "  {\"input\":\"Grüße\",\"output\":\"]}\"}\n]\n");
}

TEST_CASE("edit_few_shot_exemplars: changes the exemplars of one agent alone") {
  Fixture home;
  home.write("agents/ab/few_shot.json", "[]");
  home.write(kFile, "[{\"input\": \"a\", \"output\": \"b\"}]");
  CHECK(home.edit(giving(one("a", "c"))).ok());
  CHECK(home.read("agents/ab/few_shot.json") == "[]");
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

TEST_CASE("edit_few_shot_exemplars: in OpenJarvis' dialect only agents that read them get any") {
  Fixture home;
  home.write("config.toml", "[learning.distillation.student]\ndialect = \"openjarvis\"\n");
  const json::array exemplars{json::object{{"input", "a"}, {"output", "b"}}};
  for (const char* agent : {"simple", "orchestrator", "operative", "mine"})
    CHECK(home.edit({{"agent", agent}, {"exemplars", exemplars}})
              .message.find("does not read worked examples") != std::string::npos);
  CHECK(home.edit({{"agent", "react"}, {"exemplars", exemplars}}).message ==
        "OpenJarvis reads no files of agent 'react'");
  CHECK(home.edit({{"agent", "native_react"}, {"exemplars", exemplars}}).ok());
  CHECK_FALSE(home.read("agents/native_react/few_shot.json").empty());
}
