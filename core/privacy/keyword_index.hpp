#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/privacy/rules.hpp"

namespace jarvis {

/** A text whose occurrences the scan stops at, and the rule that is asked there. */
struct Keyword {
  std::string text;  ///< in lower case where case does not count
  bool ignore_case = false;
  const RedactionRule* rule = nullptr;  ///< nullptr: the text itself is the secret
};

/** Finds all keywords of all rules, and beginnings of numbers, in one pass over a text. */
class KeywordIndex {
 public:
  /** `rules` must outlive the index. `secrets` are exact texts of three bytes or more; they come
   * before every rule, long ones first. */
  KeywordIndex(const std::vector<RedactionRule>& rules, std::vector<std::string> secrets);

  /** The next place at or after `from` where a keyword or a number may begin; text.size() when
   * there is none. A place may turn out to be nothing. */
  std::size_t next(std::string_view text, std::size_t from) const;
  /** The keywords that stand at `at`, in the order in which they are tried. */
  template <class Visit>  // bool(const Keyword&): true ends the visit
  bool visit(std::string_view text, std::size_t at, Visit visit_keyword) const {
    for (const std::vector<Keyword>* keywords : {four(text, at), three(text, at), one(text, at)})
      for (const Keyword& keyword : *keywords)
        if (stands_at(keyword, text, at) && visit_keyword(keyword)) return true;
    return false;
  }
  const std::vector<const RedactionRule*>& number_rules() const { return number_rules_; }
  const std::vector<const RedactionRule*>& country_rules() const { return country_rules_; }

 private:
  static constexpr unsigned kBits4 = 14;
  static constexpr unsigned kBits3 = 13;

  static bool stands_at(const Keyword& keyword, std::string_view text, std::size_t at);
  const std::vector<Keyword>* four(std::string_view text, std::size_t at) const;
  const std::vector<Keyword>* three(std::string_view text, std::size_t at) const;
  const std::vector<Keyword>* one(std::string_view text, std::size_t at) const;
  void add(Keyword keyword);

  // By a hash of the first four or three bytes, without case. The small tables say which slots
  // hold anything, and stay in the processor's first cache.
  std::vector<std::uint8_t> filled4_;
  std::vector<std::uint8_t> filled3_;
  std::vector<std::vector<Keyword>> slots4_;
  std::vector<std::vector<Keyword>> slots3_;
  std::array<std::vector<Keyword>, 256> by_byte_;
  enum class Byte : std::uint8_t { other, keyword, number };
  std::array<Byte, 256> bytes_{};
  std::vector<const RedactionRule*> number_rules_;
  std::vector<const RedactionRule*> country_rules_;
};

}  // namespace jarvis
