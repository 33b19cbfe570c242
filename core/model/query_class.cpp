#include "core/model/query_class.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>

namespace jarvis {

namespace {

constexpr std::size_t kShortBelow = 50;  // code points, as OpenJarvis' own classifier counts them
constexpr std::size_t kLongAbove = 500;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/** Of a text in lower case. */
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_';
}

/** The signs of arithmetic, with the bytes that those beyond ASCII consist of. */
bool is_operator(char c) {
  constexpr std::string_view kOperators = "+-*/^=×÷";
  static constexpr auto kTable = [=] {
    std::array<bool, 256> table{};
    for (const char known : kOperators) table[static_cast<unsigned char>(known)] = true;
    return table;
  }();
  return kTable[static_cast<unsigned char>(c)];
}

/** A text in lower case. Most words that are looked for are not there, and the first two letters of
 * the words that are tell so at once. */
class Text {
 public:
  explicit Text(std::string_view text) : text_(text) {
    std::transform(text_.begin(), text_.end(), text_.begin(), lower);
    for (std::size_t at = 0; at < text_.size(); ++at)
      if (is_word(text_[at]) && (at == 0 || !is_word(text_[at - 1])))
        beginnings_.set(beginning(text_.c_str() + at));
  }

  const std::string& text() const { return text_; }

  /** `word` has two characters or more and begins with a letter. */
  bool contains_word(std::string_view word) const {
    if (!beginnings_.test(beginning(word.data()))) return false;
    for (std::size_t at = text_.find(word); at != std::string::npos;
         at = text_.find(word, at + 1)) {
      const bool starts = at == 0 || !is_word(text_[at - 1]);
      const std::size_t end = at + word.size();
      if (starts && (end == text_.size() || !is_word(text_[end]))) return true;
    }
    return false;
  }

 private:
  static std::size_t beginning(const char* two) {
    return (static_cast<unsigned char>(two[0]) * 37u + static_cast<unsigned char>(two[1])) % 1024;
  }

  std::string text_;
  std::bitset<1024> beginnings_;
};

template <std::size_t N>
bool contains_any(const Text& text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.contains_word(word); });
}

constexpr std::array<std::string_view, 19> kCodeWords{"def",           "a function that",
                                                      "this function", "class definition",
                                                      "compile",       "compiler",
                                                      "traceback",     "python",
                                                      "javascript",    "c++",
                                                      "sql",           "regex",
                                                      "refactor",      "unit test",
                                                      "stack trace",   "struct",
                                                      "api",           "segfault",
                                                      "source code"};

constexpr std::array<std::string_view, 17> kMathWords{
    "solve",   "equation",   "integral", "derivative",  "calculate", "compute",
    "sum of",  "product of", "percent",  "probability", "fraction",  "prove",
    "theorem", "polynomial", "matrix",   "square root", "arithmetic"};

/** With three numbers or more, these ask for a fourth. */
constexpr std::array<std::string_view, 12> kValueQuestions{
    "what is", "what's", "what was", "what will", "what are",   "what were",
    "find",    "number", "combined", "total",     "what floor", "what place"};

constexpr std::array<std::string_view, 24> kQuantityQuestions{"how many",
                                                              "how much",
                                                              "how long",
                                                              "how old",
                                                              "how far",
                                                              "how fast",
                                                              "how tall",
                                                              "what is the total",
                                                              "in total",
                                                              "what percentage",
                                                              "what was the total",
                                                              "how often",
                                                              "how high",
                                                              "how big",
                                                              "what is the average",
                                                              "what was the average",
                                                              "altogether",
                                                              "how heavy",
                                                              "what is the difference",
                                                              "how wide",
                                                              "how deep",
                                                              "what is the cost",
                                                              "what is the price",
                                                              "average"};

int count_numbers(const Text& text) {
  int numbers = 0;
  bool inside = false;
  for (const char c : text.text()) {
    const bool digit = is_digit(c);
    if (digit && !inside) ++numbers;
    inside = digit || (inside && (c == '.' || c == ','));
  }
  constexpr std::array<std::string_view, 18> kNumberWords{
      "one",  "first", "two",    "three", "four",  "five", "six",   "seven",   "eight",
      "nine", "ten",   "twelve", "dozen", "twice", "half", "third", "quarter", "hundred"};
  for (const std::string_view word : kNumberWords) numbers += text.contains_word(word) ? 1 : 0;
  return numbers;
}

bool has_operator_between_numbers(const std::string& text) {
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (!is_operator(text[at])) continue;
    std::size_t left = at, right = at + 1;
    while (left > 0 && text[left - 1] == ' ') --left;
    while (right < text.size() && text[right] == ' ') ++right;
    if (left > 0 && right < text.size() && is_digit(text[left - 1]) && is_digit(text[right]))
      return true;
  }
  return false;
}

bool is_code(std::string_view query, const Text& text) {
  if (query.find("```") != std::string_view::npos) return true;
  return contains_any(text, kCodeWords);
}

bool is_math(const Text& text) {
  if (has_operator_between_numbers(text.text())) return true;
  const int numbers = count_numbers(text);
  if (numbers >= 1 && contains_any(text, kMathWords)) return true;
  if (contains_any(text, std::array<std::string_view, 6>{"equation", "integral", "derivative",
                                                         "theorem", "polynomial", "square root"}))
    return true;
  if (numbers >= 3 && contains_any(text, kValueQuestions)) return true;
  return numbers >= 2 &&
         (contains_any(text, kQuantityQuestions) || text.text().find('$') != std::string::npos ||
          text.text().find('%') != std::string::npos);
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string_view classify(std::string_view query) {
  const Text text(query);
  if (is_code(query, text)) return "code";
  if (is_math(text)) return "math";
  const std::size_t length = code_points(query);
  if (length < kShortBelow) return "short";
  if (length > kLongAbove) return "long";
  return "general";
}

}  // namespace jarvis
