#pragma once

#include <cstdio>
#include <cstdlib>

namespace jarvis::fuzz {

/** Ends the run, so that the fuzzer keeps the input, when something that must always hold does not.
 */
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace jarvis::fuzz
