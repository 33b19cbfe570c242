#include "plugins/shared/arithmetic.hpp"

#include <doctest/doctest.h>

#include <string>

using jarvis::shared::evaluate;

TEST_CASE("arithmetic: refuses what is no expression") {
  for (const char* text :
       {"",       " ",       "x",    "1 +",  "+",      "* 2",    "1 2",        "(1",  "1)",   "()",
        "1,000",  "1,5",     "2(3)", "1..2", "1 / 0",  "0 / 0",  "inf",        "nan", "-inf", "1e",
        "2 ^^ 3", "sqrt(4)", "1; 2", "0x10", "10 % 3", "10^400", "(-8)^(1/3)", "$5",  "1e999"}) {
    CAPTURE(text);
    CHECK_FALSE(evaluate(text).has_value());
  }
}

TEST_CASE("arithmetic: refuses nesting that would break the stack") {
  CHECK_FALSE(evaluate(std::string(1000000, '(')).has_value());
  CHECK_FALSE(evaluate(std::string(1000000, '-') + "1").has_value());
  CHECK_FALSE(evaluate([] {
                std::string text = "1";
                for (int i = 0; i < 100000; ++i) text += "^1";
                return text;
              }())
                  .has_value());
  CHECK(evaluate(std::string(100, '(') + "1" + std::string(100, ')')) == 1.0);
}

TEST_CASE("arithmetic: takes long sums") {
  std::string text = "1";
  for (int i = 0; i < 100000; ++i) text += "+1";
  CHECK(evaluate(text) == 100001.0);
}

TEST_CASE("arithmetic: computes") {
  const std::pair<const char*, double> rows[] = {
      {"1", 1},        {" 1 + 2 ", 3},   {"2 + 3 * 4", 14},   {"(2 + 3) * 4", 20},
      {"10 / 4", 2.5}, {"8 - 3 - 2", 3}, {"100 / 10 / 2", 5}, {"2 ^ 3 ^ 2", 512},
      {"2 ** 3", 8},   {"-2 ^ 2", -4},   {"(-2) ^ 2", 4},     {"2 ^ -1", 0.5},
      {"--3", 3},      {"3 - -2", 5},    {"+4", 4},           {".5 * 4", 2},
      {"1.25e2", 125}, {"2 * -3", -6},   {"-(1 + 2)", -3},    {"1\n+\t2", 3}};
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    REQUIRE(evaluate(text).has_value());
    CHECK(*evaluate(text) == doctest::Approx(expected));
  }
}
