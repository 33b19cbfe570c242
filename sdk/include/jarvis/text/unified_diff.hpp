#pragma once

#include <string>

namespace jarvis::text {

/** `original` with a unified diff of one file applied. A function of text alone: safe to call from
 * many threads.
 *
 *  Made for diffs that models write: line numbers and counts may be wrong, blank context lines may
 * lack their leading blank, the diff may stand in a ``` fence. Every context line and every removed
 * line is compared; a hunk that does not stand where its header says is looked for by content and
 * must be found in exactly one place behind the hunk before it. Unchanged lines keep their bytes,
 * added ones take the line ending of the original. Throws JARVIS_REFUSED, naming the hunk and the
 * reason, for anything ambiguous or not applying; nothing is ever guessed. */
std::string apply_unified_diff(const std::string& original, const std::string& diff);

}  // namespace jarvis::text
