#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace jarvis {

/** "[EMAIL_1]" at `begin`, up to `end`. */
struct PlaceholderSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/** The next text in the form of a placeholder at or after `from`; empty (begin == end) when there
 * is none. Whether it stands for anything only the vault knows. */
PlaceholderSpan next_placeholder(std::string_view text, std::size_t from);

/** What the placeholders of one session stand for. Safe to use from many threads. */
class PlaceholderVault {
 public:
  /** The placeholder of a secret, a new one for a new secret. `label` is its kind ("EMAIL"),
   * `rule` what found it. */
  std::string placeholder_of(std::string_view secret, std::string_view label,
                             std::string_view rule);
  /** Keeps a text that looks like a placeholder from ever becoming one, unless it is one: then
   * false. */
  bool reserve(std::string_view text);
  /** nullptr when it is none. The text lives as long as the vault. */
  const std::string* secret_of(std::string_view placeholder) const;
  std::map<std::string, std::size_t> counts() const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Texts = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;

  mutable std::mutex mutex_;
  Texts placeholders_;  ///< by secret
  Texts secrets_;       ///< by placeholder
  std::unordered_set<std::string> reserved_;
  std::unordered_map<std::string, std::size_t> numbers_;  ///< the last one of each label
  std::map<std::string, std::size_t> counts_;
};

}  // namespace jarvis
