#pragma once

#include <optional>

#include "random_diff.hpp"

namespace jarvis::property {

/** Every place (0-based) at which the hunk's old lines stand in `lines`. */
std::vector<std::size_t> places_of(const MadeHunk& hunk, const std::vector<std::string>& lines);

/** Whether some hunk fits more than one place, or none, or has no old lines at all: then a diff
 * whose numbers cannot be trusted may be refused. */
bool may_be_unclear(const RandomDiff& diff);

/** The contents of the lines after applying the hunks word for word: each where its number says if
 * its lines stand there, else at the only place behind the hunk before it. Nothing when that cannot
 * be done. Made with none of the applier's code. */
std::optional<std::vector<std::string>> read_literally(const RandomDiff& diff);

}  // namespace jarvis::property
