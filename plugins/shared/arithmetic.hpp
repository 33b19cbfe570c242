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
      else
        break;
    }
    return value;
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
    return number();
  }

  double number() {
    skip_spaces();
    const char first = position_ < text_.size() ? text_[position_] : '\0';
    // Without this check from_chars would also take "inf" and "nan".
    if (first != '.' && (first < '0' || first > '9')) return fail();
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

/** The value of an arithmetic expression: + - * / ^ (also written **, to the right), parentheses,
 * signs and decimal numbers ("1.5", ".5", "2e3"). Nothing for any other text (thousands commas,
 * words, more than 200 levels of nesting) and where there is no finite result (1/0). Safe on any
 * input. */
inline std::optional<double> evaluate(std::string_view expression) {
  return ArithmeticParser(expression).parse();
}

}  // namespace jarvis::shared
