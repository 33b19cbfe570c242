#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jarvis::rehearsal {

/** What a question asks for, and so in which ways it can go wrong. */
enum class Kind { sum, product, product_less, less_product, sum_times, backwards, sorted };

/** A question of the rehearsal's family. Its text alone says what the right answer is. */
struct Question {
  Kind kind = Kind::sum;
  std::vector<long> numbers;
  std::vector<std::string> words;

  bool has_two_steps() const {
    return kind == Kind::product_less || kind == Kind::less_product || kind == Kind::sum_times;
  }
  bool is_math() const { return kind != Kind::backwards && kind != Kind::sorted; }
};

/** '#' stands for a number, '@' for a word. */
struct Template {
  Kind kind;
  const char* text;
};

inline constexpr std::array<Template, 10> kTemplates{{
    {Kind::product_less,
     "A crate holds # jars. How many jars are in # crates, if # jars are taken out?"},
    {Kind::product_less,
     "A train has # wagons with # seats each. How many seats are free, if # people sit down?"},
    {Kind::less_product,
     "A tank holds # litres, and each day # litres are used. How much is left after # days?"},
    {Kind::sum_times,
     "A baker sells # loaves before noon and # after it, for # coins each. How many coins is "
     "that?"},
    {Kind::sum_times,
     "A choir has # high and # low voices. How many sheets are needed, if each gets # sheets?"},
    {Kind::sum, "One shelf has # books and another has # books. How many books are there?"},
    {Kind::product, "A ticket costs # coins. How much do # tickets cost?"},
    {Kind::backwards, "Spell the word '@' backwards."},
    {Kind::backwards, "Write '@' from back to front."},
    {Kind::sorted, "Put the words '@', '@' and '@' into alphabetical order, with commas between."},
}};

/** The same on every machine and in every run; evenly spread also for texts that are much alike. */
inline std::uint64_t mix(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
  hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
  return hash ^ hash >> 33;
}

/** Evenly spread over 0 ≤ x < 1. */
inline double chance(std::string_view text) {
  return static_cast<double>(mix(text) >> 11) / 9007199254740992.0;
}

namespace detail {

inline bool take_number(std::string_view text, std::size_t& at, Question& question) {
  const std::size_t start = at;
  long number = 0;
  while (at < text.size() && at - start < 9 && text[at] >= '0' && text[at] <= '9')
    number = number * 10 + (text[at++] - '0');
  if (at == start) return false;
  question.numbers.push_back(number);
  return true;
}

inline bool take_word(std::string_view text, std::size_t& at, Question& question) {
  const std::size_t start = at;
  while (at < text.size() && text[at] >= 'a' && text[at] <= 'z') ++at;
  if (at == start) return false;
  question.words.emplace_back(text.substr(start, at - start));
  return true;
}

inline std::optional<Question> match(const Template& form, std::string_view text) {
  Question question;
  question.kind = form.kind;
  std::size_t at = 0;
  for (const char c : std::string_view(form.text)) {
    if (c == '#') {
      if (!take_number(text, at, question)) return std::nullopt;
    } else if (c == '@') {
      if (!take_word(text, at, question)) return std::nullopt;
    } else if (at >= text.size() || text[at++] != c) {
      return std::nullopt;
    }
  }
  if (at != text.size()) return std::nullopt;
  return question;
}

inline std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace detail

/** Reads a text that is one of the family's questions and nothing else. */
inline std::optional<Question> parse_question(std::string_view text) {
  text = detail::trimmed(text);
  for (const Template& form : kTemplates)
    if (auto question = detail::match(form, text)) return question;
  return std::nullopt;
}

/** What a student or a teacher writes on the way to the answer: one line for each step, and the
 * answer. */
struct Working {
  std::vector<std::string> steps;
  std::string answer;
  std::string first_result;  ///< what it comes to when the second step is forgotten
};

inline Working work_out(const Question& question) {
  const auto& n = question.numbers;
  const auto step = [](long left, const char* sign, long right, long result) {
    return std::to_string(left) + " " + sign + " " + std::to_string(right) + " = " +
           std::to_string(result);
  };
  const auto two = [](const std::string& one, const std::string& other, long first, long second) {
    return Working{{one, other}, std::to_string(second), std::to_string(first)};
  };
  switch (question.kind) {
    case Kind::sum:
      return {{step(n[0], "+", n[1], n[0] + n[1])}, std::to_string(n[0] + n[1]), {}};
    case Kind::product:
      return {{step(n[0], "x", n[1], n[0] * n[1])}, std::to_string(n[0] * n[1]), {}};
    case Kind::product_less: {
      const long all = n[0] * n[1];
      return two(step(n[0], "x", n[1], all), step(all, "-", n[2], all - n[2]), all, all - n[2]);
    }
    case Kind::less_product: {
      const long used = n[1] * n[2];
      return two(step(n[1], "x", n[2], used), step(n[0], "-", used, n[0] - used), used,
                 n[0] - used);
    }
    case Kind::sum_times: {
      const long all = n[0] + n[1];
      return two(step(n[0], "+", n[1], all), step(all, "x", n[2], all * n[2]), all, all * n[2]);
    }
    case Kind::backwards:
      return {{}, std::string(question.words[0].rbegin(), question.words[0].rend()), {}};
    case Kind::sorted:
      break;
  }
  std::vector<std::string> words = question.words;
  std::sort(words.begin(), words.end());
  return {{}, words[0] + ", " + words[1] + ", " + words[2], {}};
}

/** The `index`-th question of the family: of ten in a row five need two steps, two need one and
 * three are about words. */
inline std::string question_text(std::size_t index) {
  static constexpr std::array<const char*, 24> kWords{
      "lantern", "meadow", "copper", "garden",  "pillow", "anchor", "barrel", "candle",
      "drawer",  "engine", "falcon", "gravel",  "hammer", "island", "jacket", "kettle",
      "ladder",  "magnet", "needle", "orchard", "pepper", "quiver", "ribbon", "saddle"};
  static constexpr std::array<std::size_t, 10> kOrder{0, 1, 5, 2, 7, 3, 9, 4, 6, 8};
  const Template& form = kTemplates[kOrder[index % kOrder.size()]];
  const std::string salt = std::to_string(index) + "/";
  std::string text;
  std::size_t slot = 0;
  for (const char c : std::string_view(form.text)) {
    const std::uint64_t draw = mix(salt + std::to_string(slot));
    if (c == '@') {
      text += kWords[(index / 10 + 7 * slot++ + 11 * (index % 10)) % kWords.size()];
    } else if (c == '#') {
      // Big first, small last: what is used or taken out stays below what is there.
      static constexpr std::array<int, 3> kLeast{12, 6, 2};
      const bool stock = form.kind == Kind::less_product && slot == 0;
      const std::uint64_t least = static_cast<std::uint64_t>(kLeast[slot]);
      text += std::to_string(stock ? 400 + draw % 500 : least + draw % (slot == 0 ? 60 : 9));
      ++slot;
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace jarvis::rehearsal
