#pragma once

#include <cstddef>
#include <string_view>

namespace jarvis {

/** What a pattern has found, with the text around it. */
struct Finding {
  std::string_view text;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t rule_begin = 0;  ///< where the whole match begins; begin ≤ `begin`

  std::string_view secret() const { return text.substr(begin, end - begin); }
};

/** A second look at what a pattern has found, for what a pattern cannot say. */
using Check = bool (*)(const Finding&);

/** By its name in config/redaction.toml; nullptr when there is none of that name. */
Check check_named(std::string_view name);

}  // namespace jarvis
