#include "plugins/shared/arithmetic.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <string>

using jarvis::shared::evaluate;

TEST_CASE("arithmetic: refuses what is no expression") {
  for (const char* text :
       {"",       " ",        "x",         "1 +",    "+",         "* 2",        "1 2",
        "(1",     "1)",       "()",        "1,000",  "1,5",       "2(3)",       "1..2",
        "1 / 0",  "0 / 0",    "inf",       "nan",    "-inf",      "1e",         "2 ^^ 3",
        "sqrt 4", "1; 2",     "0x10",      "10 % 0", "10^400",    "(-8)^(1/3)", "$5",
        "1e999",  "sqrt(-1)", "sqrt()",    "sqrt(4", "sqrt",      "ln(0)",      "log10(-1)",
        "2 pi",   "pie",      "Pi",        "sqrt4",  "system(1)", "exp(1000)",  "%",
        "5 %",    "e(1)",     "abs(1, 2)", "2e",     "infinity"}) {
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
  std::string roots;
  for (int i = 0; i < 100000; ++i) roots += "sqrt(";
  CHECK_FALSE(evaluate(roots + "1").has_value());
  CHECK(evaluate(std::string(100, '(') + "1" + std::string(100, ')')) == 1.0);
}

TEST_CASE("arithmetic: takes long sums") {
  std::string text = "1";
  for (int i = 0; i < 100000; ++i) text += "+1";
  CHECK(evaluate(text) == 100001.0);
}

TEST_CASE("arithmetic: computes") {
  const std::pair<const char*, double> rows[] = {{"1", 1},
                                                 {" 1 + 2 ", 3},
                                                 {"2 + 3 * 4", 14},
                                                 {"(2 + 3) * 4", 20},
                                                 {"10 / 4", 2.5},
                                                 {"8 - 3 - 2", 3},
                                                 {"100 / 10 / 2", 5},
                                                 {"2 ^ 3 ^ 2", 512},
                                                 {"2 ** 3", 8},
                                                 {"-2 ^ 2", -4},
                                                 {"(-2) ^ 2", 4},
                                                 {"2 ^ -1", 0.5},
                                                 {"10 % 3", 1},
                                                 {"-7 % 3", 2},
                                                 {"7 % -3", -2},
                                                 {"7.5 % 2", 1.5},
                                                 {"2 * 7 % 4", 2},
                                                 {"sqrt(16)", 4},
                                                 {"sqrt (2 ^ 4) / 2", 2},
                                                 {"-sqrt(4)^2", -4},
                                                 {"abs(-3)", 3},
                                                 {"round(2.5)", 3},
                                                 {"floor(-1.5)", -2},
                                                 {"ceil(1.2)", 2},
                                                 {"exp(0)", 1},
                                                 {"ln(e)", 1},
                                                 {"log10(1000)", 3},
                                                 {"2 * pi", 6.283185307179586},
                                                 {"sin(pi / 2)", 1},
                                                 {"cos(0)", 1},
                                                 {"tan(0)", 0},
                                                 {"sqrt(sqrt(16))", 2},
                                                 {"--3", 3},
                                                 {"3 - -2", 5},
                                                 {"+4", 4},
                                                 {".5 * 4", 2},
                                                 {"1.25e2", 125},
                                                 {"2 * -3", -6},
                                                 {"-(1 + 2)", -3},
                                                 {"1\n+\t2", 3}};
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    REQUIRE(evaluate(text).has_value());
    CHECK(*evaluate(text) == doctest::Approx(expected));
  }
}

namespace {

/** An expression made by chance, fully in parentheses, and its value. */
struct Made {
  std::string text;
  double value;
};

Made made(std::mt19937& random, int depth) {
  const int kind = depth == 0 ? 0 : std::uniform_int_distribution<>(0, 6)(random);
  if (kind == 0) {
    const int number = std::uniform_int_distribution<>(0, 999)(random);
    return {std::to_string(number), static_cast<double>(number)};
  }
  const Made left = made(random, depth - 1), right = made(random, depth - 1);
  const auto both = [&](const char* sign, double value) {
    return Made{"(" + left.text + sign + right.text + ")", value};
  };
  switch (kind) {
    case 1:
      return both(" + ", left.value + right.value);
    case 2:
      return both("-", left.value - right.value);
    case 3:
      return both("*", left.value * right.value);
    case 4:
      return both(" / ", left.value / right.value);
    case 5:
      return {"-(" + left.text + ")", -left.value};
    default:
      return {"abs(" + left.text + ")", std::fabs(left.value)};
  }
}

}  // namespace

TEST_CASE("arithmetic: agrees with the machine on expressions made by chance") {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    const Made expression = made(random, 6);
    CAPTURE(expression.text);
    const auto value = evaluate(expression.text);
    CHECK(value.has_value() == std::isfinite(expression.value));
    if (value && std::isfinite(expression.value)) CHECK(*value == expression.value);
  }
}

TEST_CASE("arithmetic: gives a finite number or nothing for any bytes") {
  std::mt19937 random(2);
  const std::string alphabet = "0123456789.+-*/%^() episqrtlnabx,\n\xff";
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    const int length = std::uniform_int_distribution<>(0, 24)(random);
    for (int k = 0; k < length; ++k)
      text += alphabet[std::uniform_int_distribution<std::size_t>(0, alphabet.size() - 1)(random)];
    CAPTURE(text);
    if (const auto value = evaluate(text)) CHECK(std::isfinite(*value));
  }
}
