#include "core/insight/verdict_text.hpp"

#include "core/base/figures.hpp"

namespace jarvis {

std::string delta_text(const Verdict& verdict) {
  std::string text = points(*verdict.benchmark_delta) + " points";
  if (verdict.interval)
    text +=
        " (90 %: " + points((*verdict.interval)[0]) + " to " + points((*verdict.interval)[1]) + ")";
  if (verdict.noise_floor && *verdict.noise_floor > 0)
    text += "; run again, the score moves by ±" + points(*verdict.noise_floor).substr(1);
  else if (verdict.noise_floor)
    text += "; run again, the score stays the same";
  return text;
}

std::string effort_text(const EditOutcome& outcome) {
  const TrialCost& cost = outcome.cost;
  return std::to_string(outcome.verdict->baseline_runs + outcome.verdict->candidate_runs) +
         " task runs looked at, " + std::to_string(cost.student_runs) + " made now, " +
         std::to_string(cost.judgements) + " judged, " + dollars(cost.usd);
}

}  // namespace jarvis
