#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jarvis::testing {

inline constexpr std::string_view kDigits = "0123456789";
inline constexpr std::string_view kHex = "0123456789abcdef";
inline constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view kSmall = "abcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kWordCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
inline constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Numbers without a pattern, the same ones on every machine. */
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed) {}

  std::size_t below(std::size_t limit) {
    state_ = state_ * 1664525u + 1013904223u;
    return (state_ >> 8) % limit;
  }
  std::string text(std::size_t length, std::string_view of) {
    std::string drawn;
    for (std::size_t i = 0; i < length; ++i) drawn += of[below(of.size())];
    return drawn;
  }
  template <class List>
  auto one_of(const List& list) {
    return list[below(list.size())];
  }

 private:
  std::uint32_t state_;
};

}  // namespace jarvis::testing
