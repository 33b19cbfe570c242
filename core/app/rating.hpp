#pragma once

#include <functional>
#include <string>

#include "core/model/result.hpp"
#include "core/ports/judge.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** Which unrated traces the judge shall rate. */
struct Evaluating {
  double since = 0;         ///< unix seconds
  std::size_t most = 1000;  ///< the newest of them
};

struct Evaluated {
  std::size_t rated = 0;
  std::size_t unreadable = 0;  ///< replies of the judge without a score
  std::size_t left = 0;        ///< not come to
  std::string stopped_by;      ///< why some are left; empty: none is
  double cost_usd = 0;
};

struct RatingParts {
  const TraceReader& traces;
  Judge& judge;
  /** Puts the score down; false: a person has rated the trace meanwhile. Called from many threads.
   */
  std::function<Result<bool>(const std::string& trace_id, double score)> keep;
  int concurrency = 8;
  std::function<bool()> cancelled;
};

/** Has the judge rate the traces that nobody rated. There is no gold answer: the judge says how
 * well the answer serves the question. Ends early, with the reason, when the money is used up or
 * the judge cannot be asked; what was rated stays. Errors: a store that cannot be read or written.
 */
Result<Evaluated> rate_unrated(const RatingParts& parts, const Evaluating& wanted);

}  // namespace jarvis
