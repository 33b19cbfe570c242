#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace jarvis::shared {

/** One expression on its way to a number; use `evaluate`. */
class ArithmeticParser {
 public:
  explicit ArithmeticParser(std::string_view text) : text_(text) {}

  std::optional<double> parse() {
    const double value = sum();
    skip_spaces();
    if (failed_ || position_ != text_.size() || !std::isfinite(value)) return std::nullopt;
    return value;
  }

 private:
  // Every level of nesting passes through `signed_power`; the stack holds far more than this.
  static constexpr int kMaximumDepth = 200;

  struct Constant {
    std::string_view name;
    double value;
  };
  static constexpr Constant kConstants[] = {{"pi", 3.14159265358979323846},
                                            {"e", 2.71828182845904523536}};

  struct Function {
    std::string_view name;
    double (*of)(double);
  };
  static constexpr Function kFunctions[] = {{"sqrt", [](double x) { return std::sqrt(x); }},
                                            {"abs", [](double x) { return std::fabs(x); }},
                                            {"round", [](double x) { return std::round(x); }},
                                            {"floor", [](double x) { return std::floor(x); }},
                                            {"ceil", [](double x) { return std::ceil(x); }},
                                            {"exp", [](double x) { return std::exp(x); }},
                                            {"ln", [](double x) { return std::log(x); }},
                                            {"log10", [](double x) { return std::log10(x); }},
                                            {"sin", [](double x) { return std::sin(x); }},
                                            {"cos", [](double x) { return std::cos(x); }},
                                            {"tan", [](double x) { return std::tan(x); }}};

  void skip_spaces() {
    while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\t' ||
                                        text_[position_] == '\n' || text_[position_] == '\r'))
      ++position_;
  }

  bool take(std::string_view token) {
    skip_spaces();
    if (text_.substr(position_, token.size()) != token) return false;
    position_ += token.size();
    return true;
  }

  double fail() {
    failed_ = true;
    return 0;
  }

  double sum() {
    double value = product();
    while (!failed_) {
      if (take("+"))
        value += product();
      else if (take("-"))
        value -= product();
      else
        break;
    }
    return value;
  }

  double product() {
    double value = signed_power();
    while (!failed_) {
      if (take("*"))
        value *= signed_power();
      else if (take("/"))
        value /= signed_power();
      else if (take("%"))
        value = remainder_of(value, signed_power());
      else
        break;
    }
    return value;
  }

  // With the divisor's sign, as in Python.
  static double remainder_of(double value, double divisor) {
    const double rest = std::fmod(value, divisor);
    return rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest;
  }

  // A sign binds looser than a power: -2^2 is -4.
  double signed_power() {
    if (++depth_ > kMaximumDepth) return fail();
    double value = 0;
    if (take("-"))
      value = -signed_power();
    else if (take("+"))
      value = signed_power();
    else
      value = power();
    --depth_;
    return value;
  }

  double power() {
    const double base = primary();
    if (failed_ || !(take("^") || take("**"))) return base;
    return std::pow(base, signed_power());
  }

  double primary() {
    if (take("(")) {
      const double value = sum();
      return take(")") ? value : fail();
    }
    skip_spaces();
    const char first = position_ < text_.size() ? text_[position_] : '\0';
    return is_letter(first) ? named() : number(first);
  }

  static bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

  /** A constant, or a function and its argument. */
  double named() {
    const std::size_t begin = position_;
    while (position_ < text_.size() && (is_letter(text_[position_]) || is_digit(text_[position_])))
      ++position_;
    const std::string_view name = text_.substr(begin, position_ - begin);
    for (const Constant& constant : kConstants)
      if (constant.name == name) return constant.value;
    for (const Function& function : kFunctions)
      if (function.name == name) return take("(") ? applied(function) : fail();
    return fail();
  }

  double applied(const Function& function) {
    const double argument = sum();
    return take(")") ? function.of(argument) : fail();
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  double number(char first) {
    // Without this check from_chars would also take "inf" and "nan".
    if (first != '.' && !is_digit(first)) return fail();
    double value = 0;
    const char* const begin = text_.data() + position_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc()) return fail();
    position_ += static_cast<std::size_t>(end - begin);
    return value;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

/** The value of an arithmetic expression: + - * / % (the remainder, with the divisor's sign) ^
 * (also written **, to the right), parentheses, signs, decimal numbers ("1.5", ".5", "2e3"), pi, e,
 * and the functions sqrt, abs, round, floor, ceil, exp, ln, log10, sin, cos and tan (of radians).
 * Nothing for any other text (thousands commas, words, more than 200 levels of nesting) and where
 * there is no finite result (1/0, sqrt(-1)). Safe on any input. */
inline std::optional<double> evaluate(std::string_view expression) {
  return ArithmeticParser(expression).parse();
}

}  // namespace jarvis::shared
