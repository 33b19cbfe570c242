#include "core/model/near_duplicates.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace jarvis;

namespace {

bool are_near(const std::string& one, const std::string& other) {
  QuestionSet questions;
  questions.add(one);
  const bool by_set = questions.has_near_duplicate_of(other);
  CHECK(by_set == are_near_duplicates(print_of(one).shingles, print_of(other).shingles));
  return by_set;
}

/** "w0 w1 …" */
std::string words(int count, int from = 0) {
  std::string text;
  for (int i = from; i < from + count; ++i) text += (i > from ? " w" : "w") + std::to_string(i);
  return text;
}

}  // namespace

TEST_CASE("near duplicates: a text without words is like nothing, not even itself") {
  for (const char* blank : {"", " \t\r\n"}) {
    CHECK(print_of(blank).shingles.empty());
    CHECK(!are_near(blank, blank));
    CHECK(!are_near("something", blank));
  }
}

TEST_CASE("near duplicates: NULs and bytes that are no UTF-8 are characters as others are") {
  const std::string nul("what is\0this thing here", 23);
  CHECK(are_near(nul, nul));
  CHECK(!are_near(nul, "what is"));
  CHECK(are_near("one two three \xff\xfe\xc3(", "ONE two  three \xff\xfe\xc3("));
}

TEST_CASE("near duplicates: short questions are near when they are the same when normalised") {
  CHECK(are_near("What's up?", " what's\nUP? "));
  CHECK(are_near("why", "WHY"));
  CHECK(!are_near("why", "why not"));
  CHECK(!are_near("why not", "not why"));
  CHECK(!are_near("how are you", "how are they"));
}

TEST_CASE("near duplicates: four fifths in common are enough, less is not") {
  // Six words are four runs of three; one more word adds one: 4 of 5.
  CHECK(are_near(words(6), words(7)));
  // 3 of 4.
  CHECK(!are_near(words(5), words(6)));
  // 8 of 10, and 7 of 10.
  CHECK(are_near(words(10), words(12)));
  CHECK(!are_near(words(9), words(12)));
  // A word changed at the end of 20: 17 of 19. In the middle: 15 of 21.
  CHECK(are_near(words(20), words(19) + " other"));
  CHECK(!are_near(words(20), words(10) + " other " + words(9, 11)));
}

TEST_CASE("near duplicates: arithmetic that differs in a sign is another question") {
  CHECK(!are_near("what is 3 + 4 of this", "what is 3 - 4 of this"));
  CHECK(!are_near("how much is 12*7?", "how much is 12*8?"));
}

TEST_CASE("near duplicates: a word that comes a million times is one run of three") {
  std::string text;
  for (int i = 0; i < 1000000; ++i) text += "spam ";
  CHECK(print_of(text).shingles.size() == 1);
  CHECK(are_near(text, "Spam spam spam"));
}

TEST_CASE("near duplicates: a set tells which of its questions are meant") {
  QuestionSet questions;
  for (const std::string& query : {words(20), words(20, 100), words(21)}) questions.add(query);
  CHECK(questions.near_duplicates_of(words(19)) == std::vector<std::size_t>{0, 2});
  CHECK(questions.near_duplicates_of(words(20, 101)) == std::vector<std::size_t>{1});
  CHECK(questions.near_duplicates_of("something else altogether now").empty());
}

TEST_CASE("near duplicates: the hashes are the same on every machine") {
  CHECK(print_of("What is  it?").question == print_of(" what is\nIT?").question);
  CHECK(print_of("what is it").question != print_of("what is it?").question);
  CHECK(print_of("one two three").shingles == Shingles{0x12ece565faf62351u});
  const Shingles many = print_of(words(50)).shingles;
  CHECK(many.size() == 48);
  CHECK(std::is_sorted(many.begin(), many.end()));
}

TEST_CASE("normalising: touches ASCII letters and white space alone") {
  CHECK(normalised_query("") == "");
  CHECK(normalised_query(" \t\r\n") == "");
  CHECK(normalised_query("  A\t b\n\nC ") == "a b c");
  CHECK(normalised_query("\u00c4rger \xff") == "\u00c4rger \xff");
}
