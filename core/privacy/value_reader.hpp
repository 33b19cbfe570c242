#pragma once

#include <cstddef>
#include <string_view>

namespace jarvis {

struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/** The value that stands at `at`: the inside of quotes, which may be escaped (as in JSON inside of
 * JSON), or one bare word without the punctuation behind it. Where the key, at `key`, is one of an
 * address' query, it ends at the next '&'. Empty when there is none. */
TextSpan word_at(std::string_view text, std::size_t at, std::size_t key);

/** From `at` up to the last '@' before the end of the host. Empty when there is none. */
TextSpan userinfo_at(std::string_view text, std::size_t at);

}  // namespace jarvis
