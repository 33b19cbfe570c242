#pragma once

#include <cstdio>

namespace jarvis::testing {

/** How many checks of this program failed. */
inline int& failed_checks() {
  static int count = 0;
  return count;
}

/** Says what failed, and where; the test goes on. */
inline bool check(bool holds, const char* expression, const char* file, int line) {
  if (holds) return true;
  ++failed_checks();
  std::fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, expression);
  return false;
}

/** What main() returns: 0 when every check held. */
inline int test_result() {
  return failed_checks() == 0 ? 0 : 1;
}

}  // namespace jarvis::testing

/** A check that no build type takes out. Needs no test library. */
#define JARVIS_CHECK(expression) \
  ::jarvis::testing::check(static_cast<bool>(expression), #expression, __FILE__, __LINE__)
