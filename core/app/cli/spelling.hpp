#pragma once

#include <string>
#include <vector>

namespace jarvis {

/** The candidate that somebody who wrote `word` probably meant; empty when none is near. Letters
 * that changed places count as one slip. */
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

/** "did you mean 'learning'?"; empty when no candidate is near. */
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace jarvis
