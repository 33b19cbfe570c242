#include <cstdio>

#include "plugins/shared/arithmetic.hpp"
#include "plugins/students/chat/tool.hpp"

namespace jarvis::chat {

namespace {

std::string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

std::string calculated(const json::object& arguments, const ToolContext&) {
  const std::string expression = sdk::optional_string(arguments, "expression");
  if (const auto value = shared::evaluate(expression)) return shown(*value);
  throw sdk::invalid("'" + expression + "' is not an arithmetic expression with a finite result");
}

}  // namespace

const Tool kCalculator{
    "calculator",
    "Evaluate an arithmetic expression: numbers, + - * / ^ and parentheses, without thousands "
    "separators.",
    [] { return one_text("expression", "The expression, for example (3 + 4.5) * 2"); }, calculated};

}  // namespace jarvis::chat
