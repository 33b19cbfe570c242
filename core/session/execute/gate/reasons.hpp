#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/verdict.hpp"
#include "core/session/execute/gate/guard.hpp"
#include "core/session/execute/gate/paired.hpp"

namespace jarvis {

/** "+4.0 points" of a share, with a real minus sign. */
std::string points_text(double share);

/** "+10.2 ± 3.1 points over 50 tasks, 4 runs each"; "over 50 tasks" for one run, and without the
 * "±" where there is no interval. */
std::string measured_text(const Verdict& verdict, std::size_t tasks, int runs_each);

/** "regression in math: −28.0 points, code: −9.0 points". */
std::string regression_text(const std::vector<Fall>& falls);

/** The reason of a mean that is not above `min_improvement`. */
std::string no_improvement_text(const std::string& measured, double min_improvement);

/** The reason of a gain that the noise may have made. `more_runs` would probably tell. */
std::string within_noise_text(const Verdict& verdict, const std::string& measured,
                              const std::optional<double>& more_runs);

}  // namespace jarvis
