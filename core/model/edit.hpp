#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/json.hpp"

namespace jarvis {

/** How an edit may be applied; ordered from the freest to the strictest. */
enum class Tier { automatic = 1, review = 2, manual = 3 };

std::string_view to_string(Tier tier);  ///< "auto", "review", "manual"
std::optional<Tier> tier_from(std::string_view text);
Tier stricter(Tier one, Tier other);

/** One typed change to the student's files. The tier comes from the registry, never from the
 * teacher. */
struct Edit {
  std::string id;          ///< unique across the home's sessions
  std::string teacher_id;  ///< what the teacher called it
  std::string pillar;
  std::string op;
  std::string target;
  json::object payload;
  std::string rationale;
  std::string expected_improvement;  ///< a cluster id
  Tier tier = Tier::review;
  std::string claimed_tier;  ///< what the teacher wrote
  /** True when side effects made the tier stricter: `--autonomy auto` does not loosen it. */
  bool escalated = false;
  std::vector<std::string> references;
  /** Why planning refused this edit; empty when it may be tried. */
  std::string refusal;
};

}  // namespace jarvis
