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
  Fixture() : ApplierFixture(PLUGIN_DIR "/edit-tool-description.so", "edit_tool_description") {}
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kFile = "tools/descriptions.toml";

json::object saying(const char* tool, const std::string& description) {
  return {{"tool_name", tool}, {"new_description", description}};
}

/** The file after describing tool "calc" as "New." */
std::string after(const std::string& present) {
  Fixture home;
  home.write(kFile, present);
  const Answer answer = home.edit(saying("calc", "New."));
  CHECK_MESSAGE(answer.ok(), answer.message);
  return home.read(kFile);
}

/** What is said when tool "calc" cannot be described. */
std::string refusal(const std::string& present) {
  Fixture home;
  home.write(kFile, present);
  const Answer answer = home.edit(saying("calc", "New."));
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(home.read(kFile) == present);
  return answer.message;
}

}  // namespace

TEST_CASE("edit_tool_description: refuses missing fields and bad names") {
  Fixture home;
  CHECK(home.edit({}).message == "field 'payload.tool_name' is missing");
  CHECK(home.edit({{"tool_name", "a"}}).message == "field 'payload.new_description' is missing");
  CHECK(home.edit({{"tool_name", "a"}, {"new_description", 1}}).status == JARVIS_INVALID);
  for (const char* bad :
       {"", "../x", "Tool", "a.b", "a]", "a\n[b]", "a b", "\"a\"", "\xE2\x80\x8B"})
    CHECK(home.edit(saying(bad, "x")).status == JARVIS_INVALID);
}

TEST_CASE("edit_tool_description: refuses a description that the two readers would read apart") {
  Fixture home;
  for (const char* bad : {"a \"b\"", "a\\b", "two\nlines", "two\r\nlines", "a\tb", "'a", "a'", "'",
                          "x\"\n[security]\nenabled = false"}) {
    const Answer answer = home.edit(saying("calc", bad));
    CHECK(answer.status == JARVIS_INVALID);
    CHECK(contains(answer.message, "field 'payload.new_description'"));
  }
}

TEST_CASE("edit_tool_description: refuses a blank description") {
  Fixture home;
  for (const char* blank : {"", " ", "  "})
    CHECK(home.edit(saying("calc", blank)).message == "field 'payload.new_description' is empty");
}

TEST_CASE("edit_tool_description: takes 4096 bytes and no more") {
  Fixture home;
  CHECK(
      contains(home.edit(saying("calc", std::string(4097, 'x'))).message, "too long: 4097 bytes"));
  CHECK(home.edit(saying("calc", std::string(4096, 'x'))).ok());
}

TEST_CASE("edit_tool_description: refuses text that does not show") {
  Fixture home;
  for (const std::string& hidden :
       {std::string("a\xE2\x80\x8B"), std::string("\xE2\x80\xAE"), std::string("\x1B[31m"),
        std::string("a\0b", 3), std::string("\xF3\xA0\x81\x81"), std::string("\xE2\x80\xA8")})
    CHECK(contains(home.edit(saying("calc", hidden)).message,
                   "field 'payload.new_description' holds"));
}

TEST_CASE("edit_tool_description: refuses the description that is there") {
  Fixture home;
  home.write(kFile, "[calc]\ndescription = 'New.'\n");
  CHECK(home.edit(saying("calc", "New.")).message ==
        "no change: tool 'calc' has this description already");
}

TEST_CASE("edit_tool_description: refuses a file that is no TOML, or a link") {
  Fixture home;
  home.write(kFile, "[calc\n");
  CHECK(contains(home.edit(saying("calc", "New.")).message, kFile + ":1:"));
  fs::remove(home.home() / kFile);
  fs::create_symlink("/dotfiles/x", home.home() / kFile);
  CHECK(contains(home.edit(saying("calc", "New.")).message, "to '/dotfiles/x'"));
}

TEST_CASE("edit_tool_description: refuses a table that OpenJarvis does not see, with its line") {
  for (const char* present :
       {"[calc] # mine\ndescription = \"old\"\n", "[\"calc\"]\ndescription = \"old\"\n",
        "calc = { description = \"old\" }\n", "calc.description = \"old\"\n",
        "['calc']\nparameters = 1\n", "[calc]\n\"description\" = \"old\"\n"}) {
    CAPTURE(present);
    const std::string message = refusal(present);
    CHECK(contains(message, kFile + ":"));
    CHECK(contains(message, "'calc.description' is written so that OpenJarvis cannot read it"));
  }
}

TEST_CASE("edit_tool_description: refuses a comment behind, which OpenJarvis takes for text") {
  CHECK(contains(refusal("[calc]\ndescription = \"old\" # why\n"), kFile + ":2:"));
}

TEST_CASE("edit_tool_description: refuses another key that OpenJarvis takes for the description") {
  refusal("[calc]\ndescription = \"old\"\ndescription_long = \"longer\"\n");
}

TEST_CASE("edit_tool_description: starts the file, or a table in it") {
  Fixture home;
  CHECK(home.edit(saying("calc", "Grüße: 1 + 1 = 2 # [x]")).ok());
  CHECK(home.read(kFile) == "[calc]\ndescription = \"Grüße: 1 + 1 = 2 # [x]\"\n");
  CHECK(after("# all\n\n[web] \n# its\ndescription = \"w\" # kept\n") ==
        "# all\n\n[web] \n# its\ndescription = \"w\" # kept\n\n[calc]\ndescription = \"New.\"\n");
}

TEST_CASE("edit_tool_description: replaces the text alone, and keeps comments and other tables") {
  CHECK(
      after(
          "# a\n[calc]\n# why\ndescription = 'old'\nx = 1 # x\n\n[calc2]\ndescription = \"o\"\n") ==
      "# a\n[calc]\n# why\ndescription = \"New.\"\nx = 1 # x\n\n[calc2]\ndescription = \"o\"\n");
  CHECK(after("[calc]\r\ndescription = \"old\"") == "[calc]\r\ndescription = \"New.\"");
  CHECK(after("[calc]\nx = 1\n[web]\ndescription = \"w\"\n") ==
        "[calc]\nx = 1\ndescription = \"New.\"\n[web]\ndescription = \"w\"\n");
}

TEST_CASE("edit_tool_description: brings a text of several lines onto one") {
  CHECK(after("[calc]\ndescription = \"\"\"\nold\n[x]\n\"\"\"\n[web]\ndescription = \"w\"\n") ==
        "[calc]\ndescription = \"New.\"\n[web]\ndescription = \"w\"\n");
}

TEST_CASE("edit_tool_description: takes single quotes inside, and text that looks like TOML") {
  Fixture home;
  CHECK(home.edit(saying("calc", "It's [so] = {x} 'y' #1")).ok());
  CHECK(home.read(kFile) == "[calc]\ndescription = \"It's [so] = {x} 'y' #1\"\n");
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

TEST_CASE(
    "edit_tool_description: refuses a header with blanks, which OpenJarvis takes for a name") {
  Fixture home;
  home.write("tools/descriptions.toml", "[ think ]\ndescription = \"Old.\"\n");
  const Answer answer = home.edit({{"tool_name", "think"}, {"new_description", "New."}});
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(answer.message.find("OpenJarvis cannot read it") != std::string::npos);
}
