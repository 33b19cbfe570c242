#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/benchmark/candidates.hpp"
#include "core/benchmark/journal.hpp"
#include "core/ports/judge.hpp"
#include "core/ports/progress.hpp"
#include "core/ports/teacher.hpp"

namespace jarvis {

/** Who makes gold answers. All are borrowed; `progress` may be null, `cancelled` empty. */
struct GoldParts {
  Teacher& teacher;
  Judge& judge;
  int concurrency = 8;
  Progress* progress = nullptr;
  std::function<bool()> cancelled;
  Journal* journal = nullptr;              ///< keeps what was paid for; null in tests of the rest
  std::function<double()> spent_usd = {};  ///< for the journal; may be empty
  bool ask_unsure_again = false;
};

struct Golds {
  std::vector<Gold> golds;       ///< one for each candidate, in their order
  std::optional<Error> stopped;  ///< budget or cancelled; the rest was not asked
};

/** Makes gold answers, `concurrency` candidates at a time. A liked trace: one teacher answer, which
 * is gold when the judge finds that it agrees with the answer that the user liked; else the user's
 * stands. A failed one: two independent teacher answers that must agree, else it is unsure and
 * waits. An answer that was refused, cut off or empty counts as none. What the journal holds is not
 * asked again; that a gold is unsure holds until the trace's rating, a model or the prompt changes,
 * or the user asks for it. */
Golds make_golds(const std::vector<Candidate>& candidates, const GoldParts& parts);

/** SHA-256 of what is said to the teacher around each question. */
std::string gold_prompt_sha256();

}  // namespace jarvis
