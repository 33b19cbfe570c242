#pragma once

#include <optional>
#include <string>

#include "core/benchmark/candidates.hpp"
#include "core/model/result.hpp"
#include "core/model/task.hpp"
#include "core/ports/evaluation_ledger.hpp"
#include "core/ports/progress.hpp"
#include "core/ports/purse.hpp"
#include "core/ports/recorded_calls.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** What a look at the judge needs. All are borrowed; `calls`, `purse` and `progress` may be null.
 */
struct JudgeNoiseParts {
  const TraceReader& traces;
  EvaluationLedger& ledger;
  std::string judge_identity;  ///< see CallParts
  MiningRule rule;             ///< which ratings are a like and which are none
  /** Asks that judge and writes to that ledger. Null: only what the ledger holds counts. */
  RecordedCalls* calls = nullptr;
  int concurrency = 8;
  const Purse* purse = nullptr;
  Progress* progress = nullptr;
};

/** How often the judge says otherwise on one answer. A score says right from kRightFrom on. */
struct JudgeNoise {
  struct WithItself {
    int asked = 0;  ///< answers that were judged twice
    int disagree = 0;
    double mean_difference = 0;  ///< of the two scores; 0 where nothing was asked
  };
  struct WithUser {
    int asked = 0;     ///< answers that the user rated
    int disagree = 0;  ///< the judge says right and the user disliked it, or the other way round
  };
  WithItself with_itself;
  WithUser with_user;
  int calls = 0;  ///< made now
  double cost_usd = 0;
  int missing = 0;               ///< answers that were chosen and have no judgement
  std::optional<Error> failure;  ///< why: what ended the asking, else the first of several
};

/** Has the judge score up to 20 answers to held-out tasks a second time, half of them right and
 * half wrong by its first score, where there are such: the newest that students gave, or where none
 * is recorded those that the user rated. Answers that equal gold are left out: there is nothing to
 * judge. And up to 20 answers that the user rated once, half of them liked, without those that were
 * made gold.
 *
 *  Judgements are kept in the ledger and made once; answers that have theirs come first, so that
 * the same question asked again needs no call. Asking ends at budget, cancelled and unavailable;
 * what there is until then counts. Errors: a ledger or trace store that cannot be used. */
Result<JudgeNoise> measure_judge_noise(const Benchmark& benchmark, const JudgeNoiseParts& parts);

}  // namespace jarvis
