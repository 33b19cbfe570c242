#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/dashboard/feedback_trend.hpp"
#include "core/dashboard/html.hpp"
#include "core/dashboard/sessions_index.hpp"

namespace jarvis::dashboard {

// Drawings with a title, a description and the same as a table. Sessions come newest first, as the
// index has them; the newest of many are drawn.

/** The benchmark's score from session to session, with the edits that were accepted, rejected and
 * rolled back. Empty when no session was measured. */
Html score_chart(const std::vector<SessionLine>& sessions);
Html money_chart(const std::vector<SessionLine>& sessions);
/** Empty when nothing is rated. */
Html feedback_chart(const std::vector<FeedbackPoint>& points);

/** A delta and its interval on a line with zero in the middle. */
Html interval_drawing(double delta, const std::array<double, 2>& interval);

}  // namespace jarvis::dashboard
