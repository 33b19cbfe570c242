#include "core/model/query_class.hpp"

#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using jarvis::classify;

namespace {

constexpr std::array<const char*, 5> kClasses{"code", "math", "short", "long", "general"};

struct Labelled {
  std::string wanted;
  std::string query;
};

/** Lines of a class, a tab and a query, in which "\n" stands for a line's end. */
std::vector<Labelled> labelled_queries() {
  std::ifstream file(QUERY_CLASS_CASES);
  REQUIRE(file.is_open());
  std::vector<Labelled> queries;
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    REQUIRE(tab != std::string::npos);
    std::string query = line.substr(tab + 1);
    for (std::size_t at = query.find("\\n"); at != std::string::npos; at = query.find("\\n", at))
      query.replace(at, 2, "\n");
    queries.push_back({line.substr(0, tab), query});
  }
  return queries;
}

using Confusion = std::map<std::pair<std::string, std::string>, int>;

std::string table_of(const Confusion& confusion) {
  std::ostringstream table;
  table << "rows: what it is; columns: what it is taken for\n        ";
  for (const char* taken : kClasses) table << '\t' << taken;
  for (const char* wanted : kClasses) {
    table << '\n' << wanted << '\t';
    for (const char* taken : kClasses) {
      const auto found = confusion.find({wanted, taken});
      table << '\t' << (found == confusion.end() ? 0 : found->second);
    }
  }
  return table.str();
}

}  // namespace

TEST_CASE("query class: an empty query is short") {
  CHECK(classify("") == "short");
}

TEST_CASE("query class: bytes that are no text do not matter") {
  CHECK(classify(std::string("\xff\xfe\0\x80", 4)) == "short");
  CHECK(classify(std::string(600, '\xc3')) == "long");
  for (const char* torn : {"^", "x^", "1 +", "= 2", "a.", "a[", "_", "`", "1 - ", "\xc3\x97"})
    CHECK(classify(torn) == "short");
}

TEST_CASE("query class: at least 95 of 100 labelled queries get their class") {
  const std::vector<Labelled> queries = labelled_queries();
  REQUIRE(queries.size() == 300);
  Confusion confusion;
  std::size_t right = 0;
  std::string wrong;
  for (const Labelled& labelled : queries) {
    const std::string taken(classify(labelled.query));
    ++confusion[{labelled.wanted, taken}];
    if (taken == labelled.wanted)
      ++right;
    else
      wrong += "\n" + labelled.wanted + " taken for " + taken + ": " + labelled.query;
  }
  INFO(table_of(confusion) << wrong);
  CHECK(right * 100 >= queries.size() * 95);
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

TEST_CASE("query class: dates, spans, fractions of a day and prices alone are no arithmetic") {
  for (const char* query : {"Is the shop open 24/7?", "Who reigned 1914 - 1918?",
                            "Meet me on 2024-05-03.", "Call 555-1234.", "Is it 5-6 weeks?"}) {
    CAPTURE(query);
    CHECK(classify(query) == "short");
  }
}

TEST_CASE("query class: words count only as whole words, or with an s at their end") {
  CHECK(classify("Is it important to water a capitol lawn every day of the week?") == "general");
  CHECK(classify("definite articles") == "short");
  CHECK(classify("two pythons") == "code");
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
