#pragma once

#include <string>

namespace jarvis {

/** The share, 0..1, of the lines of `before` that a line diff to `after` removes or replaces. Lines
 * that are only added do not count; with an empty `before` any text is a full change. */
double changed_line_share(const std::string& before, const std::string& after);

}  // namespace jarvis
