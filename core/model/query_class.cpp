#include "core/model/query_class.hpp"

#include <algorithm>
#include <bitset>
#include <string>
#include <vector>

#include "core/model/query_words.hpp"

namespace jarvis {

namespace {

namespace words = query_words;

constexpr std::size_t kShortBelow = 50;  // code points, as OpenJarvis' own classifier counts them
constexpr std::size_t kLongAbove = 500;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

bool is_word(char c) {
  return is_digit(c) || is_letter(c) || c == '_';
}

bool stands_alone(std::string_view text, std::size_t at, std::size_t length) {
  const std::size_t end = at + length;
  return (at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]));
}

/** As it is, or with an s at its end. */
bool is_word_or_plural(std::string_view text, std::size_t at, std::size_t length) {
  const std::size_t end = at + length;
  return stands_alone(text, at, length) ||
         (end < text.size() && text[end] == 's' && stands_alone(text, at, length + 1));
}

bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    if (is_word_or_plural(text, at, word.size())) return true;
  return false;
}

/** A query, also in lower case. Most words that are looked for are not there, and the first two
 * letters of the words that are tell so at once. */
class Text {
 public:
  explicit Text(std::string_view written) : written_(written), text_(written) {
    std::transform(text_.begin(), text_.end(), text_.begin(), lower);
    for (std::size_t at = 0; at < text_.size(); ++at)
      if (is_word(text_[at]) && (at == 0 || !is_word(text_[at - 1]))) {
        words_.push_back({beginning(text_.c_str() + at), at});
        beginnings_.set(words_.back().beginning);
      }
  }

  std::string_view written() const { return written_; }
  const std::string& text() const { return text_; }

  /** `word` has two characters or more and begins with a letter. */
  bool contains_word(std::string_view word) const {
    const std::size_t first_two = beginning(word.data());
    return beginnings_.test(first_two) &&
           std::any_of(words_.begin(), words_.end(), [&](const Word& found) {
             return found.beginning == first_two &&
                    text_.compare(found.at, word.size(), word) == 0 &&
                    is_word_or_plural(text_, found.at, word.size());
           });
  }

  template <std::size_t N>
  std::size_t count_of(const std::string_view (&list)[N]) const {
    return static_cast<std::size_t>(
        std::count_if(std::begin(list), std::end(list),
                      [&](std::string_view word) { return contains_word(word); }));
  }

  template <std::size_t N>
  bool contains_any(const std::string_view (&list)[N]) const {
    return std::any_of(std::begin(list), std::end(list),
                       [&](std::string_view word) { return contains_word(word); });
  }

  /** Also inside words. */
  template <std::size_t N>
  bool holds_any(const std::string_view (&list)[N]) const {
    return std::any_of(std::begin(list), std::end(list), [&](std::string_view part) {
      return text_.find(part) != std::string::npos;
    });
  }

 private:
  /** Where a word begins, and its first two letters. */
  struct Word {
    std::size_t beginning;
    std::size_t at;
  };

  static std::size_t beginning(const char* two) {
    return (static_cast<unsigned char>(two[0]) * 37u + static_cast<unsigned char>(two[1])) % 1024;
  }

  std::string_view written_;
  std::string text_;
  std::bitset<1024> beginnings_;  ///< of all words_
  std::vector<Word> words_;
};

/** "app.py", "list.append(", "snake_case", "a[i]", "KeyError", "`ls`". */
bool has_piece_of_code(std::string_view text) {
  const auto letter_at = [&](std::size_t at) { return at < text.size() && is_letter(text[at]); };
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (!is_word(text[at - 1])) continue;
    if (text[at] == '_' && letter_at(at - 1) && letter_at(at + 1)) return true;
    if (text[at] == '[' && letter_at(at - 1) && is_word(text[at + 1])) return true;
    if (text[at] == '.' && letter_at(at + 1)) {
      std::size_t end = at + 1;
      while (end < text.size() && is_word(text[end])) ++end;
      const std::string_view name = text.substr(at + 1, end - at - 1);
      if (name.size() > 1 && end < text.size() && text[end] == '(') return true;
      if (std::find(std::begin(words::kCodeFiles), std::end(words::kCodeFiles), name) !=
          std::end(words::kCodeFiles))
        return true;
    }
    for (const std::string_view kind : {"Error", "Exception"})
      if (letter_at(at - 1) && text.compare(at, kind.size(), kind) == 0) return true;
  }
  const std::size_t quote = text.find('`');
  return quote != std::string_view::npos && text.find('`', quote + 1) != std::string_view::npos;
}

bool is_code(const Text& text) {
  if (text.holds_any(words::kCodeSigns) || text.contains_any(words::kCode) ||
      has_piece_of_code(text.written()) || text.count_of(words::kCodeHints) >= 2)
    return true;
  if (has_word(text.written(), "SELECT") && has_word(text.written(), "FROM")) return true;
  return std::any_of(std::begin(words::kCodeAsWritten), std::end(words::kCodeAsWritten),
                     [&](std::string_view language) { return has_word(text.written(), language); });
}

int count_numbers(const Text& text) {
  int numbers = 0;
  bool inside = false;
  for (const char c : text.text()) {
    const bool digit = is_digit(c);
    if (digit && !inside) ++numbers;
    inside = digit || (inside && (c == '.' || c == ','));
  }
  return numbers + static_cast<int>(text.count_of(words::kNumbers));
}

/** What stands on both sides of an operator, blanks aside. */
struct Operands {
  std::size_t left = 0;   ///< behind the left one
  std::size_t right = 0;  ///< where the right one begins
};

Operands operands(const std::string& text, std::size_t at, std::size_t length) {
  Operands sides{at, at + length};
  while (sides.left > 0 && text[sides.left - 1] == ' ') --sides.left;
  while (sides.right < text.size() && text[sides.right] == ' ') ++sides.right;
  return sides;
}

bool are_numbers(const std::string& text, const Operands& sides) {
  return sides.left > 0 && sides.right < text.size() && is_digit(text[sides.left - 1]) &&
         is_digit(text[sides.right]);
}

/** "1914 - 1918" is no difference. */
bool are_years(const std::string& text, const Operands& sides) {
  std::size_t left = sides.left, right = sides.right;
  while (left > 0 && is_digit(text[left - 1])) --left;
  while (right < text.size() && is_digit(text[right])) ++right;
  return sides.left - left == 4 && right - sides.right == 4;
}

/** "3 + 4", "12 times 15"; dates, spans and "24/7" have no blanks around their signs. */
bool has_operator_between_numbers(const std::string& text) {
  const auto is_applied = [&](std::size_t at, std::size_t length) {
    return are_numbers(text, operands(text, at, length));
  };
  for (const std::string_view sign : {"+", "*", "^", "=", "×", "÷"})
    for (std::size_t at = text.find(sign); at != std::string::npos; at = text.find(sign, at + 1))
      if (is_applied(at, sign.size())) return true;
  for (const std::string_view sign : {" - ", " / "})
    for (std::size_t at = text.find(sign); at != std::string::npos; at = text.find(sign, at + 1))
      if (is_applied(at, sign.size()) && !are_years(text, operands(text, at, sign.size())))
        return true;
  for (const std::string_view word : words::kOperators)
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
      if (stands_alone(text, at, word.size()) && is_applied(at, word.size())) return true;
  return false;
}

/** The names that unknown numbers go by in school. */
bool is_unknown(char c) {
  return c == 'x' || c == 'y' || c == 'z' || c == 'n';
}

/** "2x - 5", "x + y", "n = 3": a term of numbers and one unknown on one side, and a number or an
 * unknown on the other. */
bool has_unknown_in_formula(const std::string& text) {
  for (std::size_t at = text.find_first_of("+-*/="); at != std::string::npos;
       at = text.find_first_of("+-*/=", at + 1)) {
    const Operands sides = operands(text, at, 1);
    if (sides.left == 0 || sides.right >= text.size()) continue;
    const std::size_t unknown = sides.left - 1;
    const bool stands = is_unknown(text[unknown]) && (unknown == 0 || !is_word(text[unknown - 1]) ||
                                                      is_digit(text[unknown - 1]));
    const bool other = is_digit(text[sides.right]) ||
                       (is_unknown(text[sides.right]) && stands_alone(text, sides.right, 1));
    if (stands && other) return true;
  }
  return false;
}

/** "x^2", "(a + b)^n". */
bool has_power(const std::string& text) {
  for (std::size_t at = text.find('^', 1); at != std::string::npos && at + 1 < text.size();
       at = text.find('^', at + 1))
    if ((is_word(text[at - 1]) || text[at - 1] == ')') &&
        (is_word(text[at + 1]) || text[at + 1] == '('))
      return true;
  return false;
}

bool is_math(const Text& text) {
  if (has_operator_between_numbers(text.text()) || has_power(text.text()) ||
      has_unknown_in_formula(text.text()) || text.contains_any(words::kMath))
    return true;
  const int numbers = count_numbers(text);
  if (numbers >= 1 && text.contains_any(words::kMathWithNumber)) return true;
  if (numbers >= 3 && text.contains_any(words::kValue)) return true;
  return numbers >= 2 &&
         (text.contains_any(words::kQuantity) || text.holds_any(words::kQuantityInside) ||
          text.text().find('$') != std::string::npos);
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string_view classify(std::string_view query) {
  const Text text(query);
  if (is_code(text)) return "code";
  if (is_math(text)) return "math";
  const std::size_t length = code_points(query);
  if (length < kShortBelow) return "short";
  if (length > kLongAbove) return "long";
  return "general";
}

}  // namespace jarvis
