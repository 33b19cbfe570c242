// What a workshop does with the benchmark and with ratings.
#include "core/app/workshop_parts.hpp"
#include "core/base/figures.hpp"
#include "core/benchmark/flagged.hpp"
#include "core/benchmark/store.hpp"
#include "core/home/paths.hpp"
#include "core/home/traces/trace_writer.hpp"

namespace jarvis {

Result<Refresh> Workshop::refresh(bool ask_unsure_again) {
  const double cap = parts_->settings->benchmark.max_synthesis_cost_usd_per_refresh;
  const auto crew = parts_->crew("benchmark-" + iso8601(parts_->application.clock().now()), cap);
  if (!crew) return crew.error();
  (*crew)->purse.allow(SpendingStep::execute);
  const BenchmarkStore store(parts_->application.home_path() / kBenchmarksFolder);
  const InterruptAnswer answer(kStopping);
  auto refreshed = refresh_benchmark(
      {parts_->eligible_traces, (*crew)->teacher, (*crew)->judge, parts_->application.clock(),
       store, mining_rule(*parts_->settings), parts_->settings->gate.concurrency, &(*crew)->purse,
       &parts_->application.progress(), interrupted, ask_unsure_again});
  if (refreshed) parts_->benchmark = parts_->eligible(refreshed->benchmark);
  return refreshed;
}

Result<JudgeNoise> Workshop::judge_noise() {
  if (auto chosen = parts_->choose_judge(); !chosen) return chosen.error();
  const BenchmarkStore store(parts_->application.home_path() / kBenchmarksFolder);
  const auto newest = store.newest();
  if (!newest) return newest.error();
  if (!*newest) return JudgeNoise();
  const std::string id = "power-" + iso8601(parts_->application.clock().now());
  const auto pair = parts_->crew<Parts::Pair>(id, parts_->cap_usd);
  if (!pair) return pair.error();
  Parts::Pair& workers = **pair;
  workers.purse.allow(SpendingStep::execute);
  const InterruptAnswer answer(kStopping);
  Turns turns;
  RecordedCalls calls({*workers.student, workers.judge, *parts_->evaluations, interrupted, id,
                       parts_->student_identity(), parts_->judge.identity},
                      turns);
  return measure_judge_noise(
      parts_->eligible((*newest)->benchmark),
      {parts_->eligible_traces, *parts_->evaluations, parts_->judge.identity,
       mining_rule(*parts_->settings), &calls, parts_->settings->gate.concurrency, &workers.purse,
       &parts_->application.progress()});
}

Result<Evaluated> Workshop::evaluate(const Evaluating& wanted) {
  const std::string id = "evaluate-" + iso8601(parts_->application.clock().now());
  const auto pair = parts_->crew<Parts::Pair>(id, parts_->cap_usd);
  if (!pair) return pair.error();
  Parts::Pair& workers = **pair;
  workers.purse.allow(SpendingStep::execute);
  const std::filesystem::path store = parts_->application.home_path() / kTracesFile;
  const InterruptAnswer answer(kStopping);
  auto evaluated = rate_unrated(
      {parts_->eligible_traces, workers.judge,
       [&](const std::string& trace, double score) { return rate_as_judge(store, trace, score); },
       parts_->settings->gate.concurrency, interrupted},
      wanted);
  if (evaluated) evaluated->cost_usd = workers.purse.spent_usd();
  return evaluated;
}

Result<const Benchmark*> Workshop::benchmark(const Trigger& trigger) {
  if (auto allowed = parts_->require_eligible(trigger); !allowed) return allowed.error();
  const BenchmarkStore store(parts_->application.home_path() / kBenchmarksFolder);
  auto newest = store.newest();
  if (!newest) return newest.error();
  const auto wants_refresh =
      remember_flagged(store, trigger.trace_ids, parts_->eligible_traces,
                       newest->has_value() ? &(*newest)->benchmark : nullptr);
  if (!wants_refresh) return wants_refresh.error();
  if (*newest && !*wants_refresh) {
    parts_->benchmark = parts_->eligible(std::move((*newest)->benchmark));
    return static_cast<const Benchmark*>(&*parts_->benchmark);
  }
  const auto refreshed = refresh();
  if (refreshed && refreshed->cost_usd > 0)
    parts_->notices.push_back("gold answers of " + refreshed->benchmark.version + " cost " +
                              dollars(refreshed->cost_usd) + ", apart from this session's money");
  if (refreshed) return static_cast<const Benchmark*>(&*parts_->benchmark);
  if (refreshed.error().kind == ErrorKind::not_ready) return static_cast<const Benchmark*>(nullptr);
  return refreshed.error();
}

}  // namespace jarvis
