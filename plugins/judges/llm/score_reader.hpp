#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jarvis::llm {

/** What a judge's reply says. Without a score `reason` says why. */
struct ReadScore {
  std::optional<double> score;
  std::string reason;
};

/** Reads {"score":…, "reason":…}, with or without text or a fence around it, or a reply that is
 * nothing but a number. A score is 0.8, 7/10 or 80 %, as a number or as text. Anything else, a
 * score outside 0..1, and two different scores are no score: it is never guessed. */
ReadScore read_score(std::string_view reply);

}  // namespace jarvis::llm
