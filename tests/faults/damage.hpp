#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace jarvis::testing {

constexpr std::size_t kPage = 4096;

struct Damage {
  const char* name;
  std::string (*done)(std::string database);
};

/** What becomes of a database's bytes, each so that SQLite must find it. */
inline std::vector<Damage> damages() {
  return {{"flipped bits",
           [](std::string text) {
             for (std::size_t at = kPage; at < text.size(); at += kPage)
               for (std::size_t i = 0; i < 12; ++i) text[at + i] = static_cast<char>(~text[at + i]);
             return text;
           }},
          {"flipped bits in the header",
           [](std::string text) {
             text[5] = static_cast<char>(text[5] ^ 4);
             return text;
           }},
          {"truncation", [](std::string text) { return text.substr(0, text.size() / 2 + 77); }},
          {"zero pages",
           [](std::string text) {
             std::fill(text.begin() + kPage, text.begin() + 7 * kPage, '\0');
             return text;
           }},
          {"100 MB of junk", [](std::string) { return std::string(std::size_t{100} << 20, 'j'); }}};
}

}  // namespace jarvis::testing
