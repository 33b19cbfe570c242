#pragma once

#include <string>

#include "tests/support/program.hpp"

namespace jarvis::testing {

/** Runs a program whose standard output is a terminal of so many columns; gives all that it wrote
 * there. Throws when it does not end with 0. */
std::string run_in_window(Launch launch, int columns);

/** The text without the escape sequences of colours. */
std::string without_colours(const std::string& text);

}  // namespace jarvis::testing
