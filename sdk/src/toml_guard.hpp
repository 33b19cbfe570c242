#pragma once

#include <string>

namespace jarvis::text {

/** Refuses, before parsing, texts that toml++ must not see: not UTF-8, too large, nested so deeply
 * that a recursive parser or destructor would run out of stack, or with characters outside strings
 * and comments that are no TOML (some of them are undefined behaviour in toml++ 3.3). Throws
 * JARVIS_INVALID. */
void guard_toml(const std::string& text, const std::string& name);

/** "config.toml:12:5: …" as a JARVIS_INVALID failure; `at` is a byte position in `text`. */
[[noreturn]] void throw_at(const std::string& text, std::size_t at, const std::string& name,
                           const std::string& what);

}  // namespace jarvis::text
