#include "core/app/cli/spelling.hpp"

#include <algorithm>

namespace jarvis {

namespace {

/** Damerau-Levenshtein, where no part of the text is changed twice. */
std::size_t distance(const std::string& one, const std::string& other) {
  const std::size_t columns = other.size() + 1;
  std::vector<std::size_t> earlier(columns), above(columns), row(columns);
  for (std::size_t j = 0; j < columns; ++j) above[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j < columns; ++j) {
      const std::size_t changed = above[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      row[j] = std::min({changed, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
        row[j] = std::min(row[j], earlier[j - 2] + 1);
    }
    earlier.swap(above);
    above.swap(row);
  }
  return above.back();
}

/** A third of the letters may be wrong, and one in the shortest words. */
std::size_t most_slips(const std::string& word) {
  return (word.size() + 2) / 3;
}

constexpr std::size_t kTellingBeginning = 3;

/** "hist" for history, "automatic" for auto. */
bool begins_alike(const std::string& one, const std::string& other) {
  const std::size_t shared = std::min(one.size(), other.size());
  return shared >= kTellingBeginning && one.compare(0, shared, other, 0, shared) == 0;
}

}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t fewest = most_slips(word) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t slips = distance(word, candidate);
    if (slips >= fewest || slips >= candidate.size()) continue;
    fewest = slips;
    best = candidate;
  }
  for (const std::string& candidate : candidates)
    if (best.empty() && begins_alike(word, candidate)) best = candidate;
  return best;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  const std::string meant = nearest(word, candidates);
  return meant.empty() ? "" : "did you mean '" + meant + "'?";
}

}  // namespace jarvis
