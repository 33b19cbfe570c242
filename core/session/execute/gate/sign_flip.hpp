#pragma once

#include <vector>

#include "core/session/execute/gate/statistics.hpp"

namespace jarvis {

/** p = P(Σ s_i|d_i'| ≥ Σ d_i') over fair signs, d_i' = weight·(value − threshold); 1 when no
 *  difference is left. Exact by convolution where the differences lie on one grid, as means of a
 * few yes-or-no scores do; otherwise from 9,999 seeded sign flips as (1 + #{≥}) / (B + 1) (Phipson
 * & Smyth 2010). The order of the differences changes nothing. */
double sign_flip_p(const std::vector<Difference>& differences, double threshold);

}  // namespace jarvis
