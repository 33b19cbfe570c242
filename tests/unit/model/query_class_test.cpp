#include "core/model/query_class.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using jarvis::classify;

TEST_CASE("query class: an empty query is short") {
  CHECK(classify("") == "short");
}

TEST_CASE("query class: bytes that are no text do not matter") {
  CHECK(classify(std::string("\xff\xfe\0\x80", 4)) == "short");
}

TEST_CASE("query class: the first that matches wins") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"Write a Python function that adds 2 and 3", "code"},
      {"```\nint main() {}\n```", "code"},
      {"Why do I get a segfault here?", "code"},
      {"What is 12 * 7?", "math"},
      {"A crate holds 12 jars. How many jars are in 7 crates, if 5 are taken out?", "math"},
      {"Solve the equation for x", "math"},
      {"Calculate 15 percent of 80", "math"},
      {"Spell the word 'lantern' backwards.", "short"},
      {"Put the words 'pear', 'apple' and 'fig' into alphabetical order, with commas.", "general"},
  };
  for (const auto& [query, expected] : cases) {
    CAPTURE(query);
    CHECK(classify(query) == expected);
  }
}

TEST_CASE("query class: words count only as whole words") {
  CHECK(classify("Is it important to water a capitol lawn every day of the week?") == "general");
  CHECK(classify("definite articles") == "short");
}

TEST_CASE("query class: lengths are counted in characters, not bytes") {
  std::string text;
  for (int i = 0; i < 49; ++i) text += "\u00e4";
  CHECK(classify(text) == "short");
  CHECK(classify(text + "\u00e4") == "general");
  for (int i = 0; i < 451; ++i) text += "\u00e4";
  CHECK(classify(text) == "general");
  CHECK(classify(text + "\u00e4") == "long");
}
