#include <doctest/doctest.h>

#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/tool_descriptions.hpp>

using namespace jarvis::text;

using Descriptions = std::map<std::string, std::string>;

TEST_CASE("tool descriptions: the scan reads lines as OpenJarvis does, with all its faults") {
  const std::pair<const char*, Descriptions> rows[] = {
      {"[a]\ndescription = \"x\"\n", {{"a", "x"}}},
      {"  [a]  \r\n  description=  'x' \r\n", {{"a", "x"}}},
      {"[a] # c\ndescription = \"x\"\n", {}},
      {"[a]\n[b] # c\ndescription = \"x\"\n", {{"a", "x"}}},
      {"[\"a\"]\ndescription = \"x\"\n", {{"\"a\"", "x"}}},
      {"[a]\ndescription = \"x\" # c\n", {{"a", "x\" # c"}}},
      {"[a]\ndescription = \"x\\\"y\"\n", {{"a", "x\\\"y"}}},
      {"[a]\ndescription = \"\"\"x\ny\"\"\"\n", {{"a", "x"}}},
      {"[a]\ndescription = \"x\"\ndescription_long = \"y\"\n", {{"a", "y"}}},
      {"description = \"x\"\n[a]\n# description = \"y\"\n", {}},
      {"", {}}};
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK(scanned_descriptions(text) == expected);
  }
}

TEST_CASE("tool descriptions: what is set is read alike by both readers, and by none before") {
  for (const char* present : {"", "[b]\ndescription = \"x\"\n", "# c\n[a]\ny = 1\n", "x = 1\n"}) {
    TomlDocument document = TomlDocument::parse(present, "tools/descriptions.toml");
    set_tool_description(document, "a", "It's = [new] #1");
    CHECK(*document.find({"a", "description"}) == "It's = [new] #1");
    CHECK(scanned_descriptions(document.text()).at("a") == "It's = [new] #1");
  }
}

TEST_CASE("tool descriptions: a refused edit leaves the document as it was") {
  const std::string text = "[a] # c\ndescription = \"x\"\n";
  TomlDocument document = TomlDocument::parse(text, "tools/descriptions.toml");
  CHECK_THROWS_AS(set_tool_description(document, "a", "y"), jarvis::sdk::Failure);
  CHECK(document.text() == text);
}
