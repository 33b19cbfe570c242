#pragma once

#include <string>
#include <string_view>

namespace jarvis::shared {

/** An answer without the reasoning that some servers leave in front of it, between "<think>" (which
 * a chat template may have written already) and "</think>". Reasoning that was cut off leaves
 * nothing. */
inline std::string without_thoughts(const std::string& text) {
  constexpr std::string_view kOpen = "<think>", kClose = "</think>";
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  const bool opens = begin != std::string::npos && text.compare(begin, kOpen.size(), kOpen) == 0;
  const std::size_t close = text.find(kClose);
  if (close == std::string::npos) return opens ? std::string() : text;
  const std::size_t open = text.find(kOpen);
  if (!opens && open < close) return text;
  const std::size_t rest = text.find_first_not_of(" \t\r\n", close + kClose.size());
  return rest == std::string::npos ? std::string() : text.substr(rest);
}

}  // namespace jarvis::shared
