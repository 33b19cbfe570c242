#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/privacy/keyword_index.hpp"
#include "core/privacy/rules.hpp"

namespace jarvis {

/** A secret in a text. */
struct Hit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view label;
  std::string_view rule;
};

inline constexpr char kExtraLabel[] = "CUSTOM";  ///< of what the user's patterns find
inline constexpr char kKnownLabel[] = "SECRET";  ///< of exact texts

/** Finds secrets. Immutable after construction. The time is linear in the text: each pattern is
 * asked at keywords only, and sees at most its window. */
class Scanner {
 public:
  /** `secrets`: exact texts that are secret wherever they stand. */
  Scanner(std::shared_ptr<const RedactionRules> rules, std::vector<std::string> secrets);

  /** Every hit in [begin, end), in order, none overlapping. What stands before `begin` is context
   * only; nothing behind `end` is looked at. */
  void scan(std::string_view text, std::size_t begin, std::size_t end,
            std::vector<Hit>& hits) const;
  /** The same for the n-th of the user's patterns. */
  void scan_extra(std::size_t pattern, std::string_view text, std::size_t begin, std::size_t end,
                  std::vector<Hit>& hits) const;
  std::size_t extra_count() const { return rules_->extra.size(); }

  /** The rule by which `value`, the text of this key in a document, is a secret as a whole;
   * nullptr when it is none. */
  const RedactionRule* rule_of_field(std::string_view key, std::string_view value) const;

 private:
  std::optional<Hit> hit_at(std::string_view text, std::size_t at, std::size_t floor) const;
  std::optional<Hit> number_at(std::string_view text, std::size_t at, std::size_t floor) const;
  std::optional<Hit> match(const RedactionRule& rule, std::string_view text, std::size_t at,
                           std::size_t floor) const;

  std::shared_ptr<const RedactionRules> rules_;
  KeywordIndex index_;
};

}  // namespace jarvis
