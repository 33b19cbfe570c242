#pragma once

#include <string>
#include <string_view>

/** One paragraph of a prompt, between two lines that mark it:
 *
 *      <!-- response style: begin -->
 *      Answer in plain words.
 *      <!-- response style: end -->
 */
namespace style_block {

constexpr std::string_view kBegin = "<!-- response style: begin -->";
constexpr std::string_view kEnd = "<!-- response style: end -->";
constexpr std::size_t kLongestStyle = 2000;  ///< bytes

/** `prompt` with `style` as its paragraph: in the place of the one that is there, else at the end.
 * An empty style takes the paragraph out. All other bytes stay; new lines end as those of `prompt`
 * do. Throws Failure(JARVIS_REFUSED) for markers that are not one pair of lines, begin before end.
 */
std::string with_style(const std::string& prompt, const std::string& style);

/** `style` as with_style takes it: without the blanks and line ends around it. Throws
 * Failure(JARVIS_INVALID) when it is over-long, holds a marker or has an empty line. */
std::string require_style(const std::string& style);

}  // namespace style_block
