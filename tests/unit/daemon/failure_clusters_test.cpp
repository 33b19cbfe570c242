#include "core/daemon/failure_clusters.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace jarvis;

namespace {

using Words = std::vector<std::string>;

/** Failures with these queries, the first the newest; their ids are a, b, c, … */
std::vector<Failure> failures_of(const std::vector<std::string>& queries) {
  std::vector<Failure> failures;
  for (std::size_t i = 0; i < queries.size(); ++i)
    failures.push_back(
        {std::string(1, static_cast<char>('a' + i)), queries[i], 1000.0 - static_cast<double>(i)});
  return failures;
}

/** "abd ce": the groups, the largest first. */
std::string groups_of(const std::vector<std::string>& queries) {
  std::string text;
  for (const FailureCluster& cluster : group_failures(failures_of(queries))) {
    if (!text.empty()) text += " ";
    for (const std::string& id : cluster.trace_ids) text += id;
  }
  return text;
}

struct Case {
  const char* name;
  std::vector<std::string> queries;
  const char* groups;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"nothing", {}, ""},
      {"one alone is no group", {"boil the kettle"}, ""},
      {"two that share nothing", {"boil the kettle", "paint a fence"}, ""},
      {"the same question", {"boil the kettle", "boil the kettle"}, "ab"},
      {"case and marks do not count", {"Boil the KETTLE!", "kettle: boil?"}, "ab"},
      {"common words alone link nothing",
       {"how do you find what is there", "where would they find you"},
       ""},
      {"three of ten words",
       {"alpha bravo charlie delta echo foxtrot", "alpha bravo charlie golf hotel india juliet"},
       "ab"},
      {"two of nine words",
       {"alpha bravo delta echo foxtrot", "alpha bravo golf hotel india juliet"},
       ""},
      {"exactly three tenths",
       {"alpha bravo charlie kilo lima mike oscar", "alpha bravo charlie papa quebec romeo"},
       "ab"},
      {"one of three", {"alpha bravo", "alpha charlie"}, "ab"},
      {"one of four", {"alpha bravo delta", "alpha charlie"}, ""},
      {"by way of another", {"alpha bravo", "bravo charlie", "charlie delta"}, "abc"},
      {"a chain breaks", {"alpha bravo", "bravo charlie", "delta echo", "echo foxtrot"}, "ab cd"},
      {"two groups, the larger first",
       {"paint fence", "boil kettle", "boil kettle water", "kettle boil", "fence paint"},
       "bcd ae"},
      {"of equals the newest first",
       {"boil kettle", "paint fence", "fence paint", "kettle boil"},
       "ad bc"},
      {"not across query classes", {"kettle python function boil", "boil kettle"}, ""},
      {"numbers are no content", {"12345 67890 apple", "12345 67890 pear"}, ""},
      {"short words are no content", {"ab cd ef kettle", "ab cd ef fence"}, ""},
      {"no content, the same text", {"2+2?", "2+2?", "2 + 2"}, "ab"},
      {"no content, another text", {"2+2?", "3+3?"}, ""},
      {"empty questions are alone", {"", "", ""}, ""},
      {"words with digits count", {"route66 sign", "route66 place"}, "ab"},
      {"German", {"wie koche ich Kaffee mit der Kanne", "Kaffee Kanne reinigen"}, "ab"},
      {"umlauts are letters", {"Türschloss ölen", "ölen Türschloss"}, "ab"},
      {"German common words", {"wie ist das mit dem Zug", "wie ist das mit dem Auto"}, ""},
      {"French", {"pourquoi le fromage est sur la table", "fromage table"}, "ab"},
      {"Chinese", {"怎么烧开水", "烧开水方法"}, "ab"},
      {"Chinese that differs", {"烧开水方法", "明天天气"}, ""},
      {"Japanese", {"東京の天気", "東京の天気は"}, "ab"},
      {"Korean", {"서울날씨", "서울날씨는"}, "ab"},
      {"invalid UTF-8 harms nothing", {"kettle \xff\xfe boil", "boil \xc3 kettle"}, "ab"},
      {"a zero byte harms nothing", {std::string("kettle\0boil", 11), "kettle boil"}, "ab"},
      {"an escape harms nothing", {"\x1b[31mkettle boil", "kettle boil"}, "ab"},
      {"repeating a word adds nothing", {"kettle kettle kettle boil", "kettle paint"}, "ab"},
      {"five of a kind", {"kettle one a", "kettle b", "c kettle", "kettle d", "e kettle"}, "abcde"},
  };
  return all;
}

}  // namespace

TEST_CASE("failure clusters: a table of cases") {
  for (const Case& given : cases()) {
    CAPTURE(std::string(given.name));
    CHECK(groups_of(given.queries) == std::string(given.groups));
  }
}

TEST_CASE(
    "failure clusters: content words are lower-case, sorted, each once, without common ones") {
  CHECK(content_words("Why does the Kettle boil, and the KETTLE sing?") ==
        Words{"boil", "kettle", "sing"});
  CHECK(content_words("").empty());
  CHECK(content_words("1 22 333 4444").empty());
  CHECK(content_words("snake_case x2 abc9") == Words{"abc9", "snake_case"});
  CHECK(content_words("“quoted” — dash…") == Words{"dash", "quoted"});
  std::string endless;
  for (int i = 0; i < 5000; ++i) endless += "word" + std::to_string(i) + " ";
  CHECK(content_words(endless).size() == 200);
}

TEST_CASE("failure clusters: the description names the class and the words that most share") {
  const auto clusters = group_failures(
      failures_of({"boil the kettle", "boil the kettle slowly", "boil a red kettle"}));
  REQUIRE(clusters.size() == 1);
  CHECK(clusters[0].description == "short: boil, kettle");
  CHECK(clusters[0].query_class == "short");
  CHECK(group_failures(failures_of({"2+2?", "2+2?"}))[0].description.find("the same question") !=
        std::string::npos);
}

TEST_CASE("failure clusters: the order in which failures come changes nothing") {
  std::vector<Failure> failures;
  std::mt19937 random(7);
  for (int i = 0; i < 60; ++i)
    failures.push_back(
        {"t" + std::to_string(i),
         "word" + std::to_string(random() % 12) + "a word" + std::to_string(random() % 12) + "b",
         static_cast<double>(random() % 20)});
  const auto expected = group_failures(failures);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(failures.begin(), failures.end(), random);
    const auto found = group_failures(failures);
    REQUIRE(found.size() == expected.size());
    for (std::size_t j = 0; j < found.size(); ++j) {
      CHECK(found[j].trace_ids == expected[j].trace_ids);
      CHECK(found[j].description == expected[j].description);
    }
  }
}
