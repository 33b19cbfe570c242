#include <cstdio>

#include "plugins/shared/arithmetic.hpp"
#include "plugins/students/chat/tool.hpp"

namespace jarvis::chat {

namespace {

constexpr std::size_t kLongestExpression = 10000;

std::string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

std::string calculated(const json::object& arguments, const ToolContext&) {
  const std::string expression = sdk::optional_string(arguments, "expression");
  if (expression.size() > kLongestExpression)
    throw sdk::invalid("the expression is longer than " + std::to_string(kLongestExpression) +
                       " characters");
  if (const auto value = shared::evaluate(expression)) return shown(*value);
  throw sdk::invalid("'" + expression + "' is not an arithmetic expression with a finite result");
}

}  // namespace

const Tool kCalculator{
    "calculator",
    "Evaluate an arithmetic expression: numbers without thousands separators, + - * / ^ and "
    "parentheses, % for the remainder, pi, e, sqrt, abs, round, floor, ceil, exp, ln, log10, sin, "
    "cos, tan (radians).",
    [] { return one_text("expression", "The expression, for example (3 + 4.5) * 2"); }, calculated};

}  // namespace jarvis::chat
