#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jarvis {

/** SHA-256 in lower-case hex. */
std::string sha256(std::string_view bytes);

/** The first 8 bytes of SHA-256 as a number: a fixed hash, the same on every machine and in every
 * run. */
std::uint64_t stable_hash(std::string_view bytes);

/** `count` random hex digits from the system's generator. */
std::string random_hex(std::size_t count);

}  // namespace jarvis
