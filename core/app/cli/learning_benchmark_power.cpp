#include <algorithm>
#include <cmath>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/benchmark/store.hpp"
#include "core/home/paths.hpp"
#include "core/session/execute/gate/power.hpp"
#include "core/session/execute/gate/sample.hpp"
#include "core/session/execute/gate/spending.hpp"

namespace jarvis {

namespace {

constexpr double kNinetyPercent = 1.6449;
constexpr int kManyEdits = 5;

/** How much one run of a task varies, and where that is known from. */
struct Noise {
  double run_variance = kCautiousRunVariance;
  std::string source = "assumed: right in 70 % of runs, half of that by luck";
};

/** Turns the newest verdict's noise floor back into the variance of one run. */
Noise noise_of(const Recorder& recorder, std::size_t tasks) {
  std::vector<BrokenSession> broken;
  for (const Session& session : recorder.sessions().list(broken))
    for (const EditOutcome& outcome : session.outcomes) {
      if (!outcome.verdict || !outcome.verdict->noise_floor) continue;
      const std::string source = "measured in " + session.id;
      if (*outcome.verdict->noise_floor <= 0) return {0, source + ": none was seen"};
      const auto look = static_cast<std::size_t>(std::max(outcome.verdict->looks, 1)) - 1;
      const double error = *outcome.verdict->noise_floor / kNinetyPercent;
      return {error * error * static_cast<double>(tasks) *
                  information(kLooks[std::min(look, kLookCount - 1)]),
              source};
    }
  return {};
}

json::object power_document(const GatePower& power) {
  return {
      {"detectable_gain", power.detectable ? json::value(*power.detectable) : json::value(nullptr)},
      {"candidate_runs", std::round(power.runs_at_detectable)},
      {"candidate_runs_without_gain", std::round(power.runs_at_nothing)}};
}

void print_power(const std::string& label, const GatePower& power, const Output& output) {
  const std::string runs = std::to_string(static_cast<int>(std::lround(power.runs_at_detectable)));
  const std::string nothing = std::to_string(static_cast<int>(std::lround(power.runs_at_nothing)));
  output.line("  " + label +
              (power.detectable
                   ? points(*power.detectable) + " points with 80 %, in about " + runs + " runs"
                   : std::string("no gain is seen with 80 %")) +
              "; an edit that does nothing costs about " + nothing + " runs");
}

}  // namespace

Result<int> learning_benchmark_power(Application& application, const Arguments&, Output& output) {
  const auto settings = application.settings();
  if (!settings) return settings.error();
  const auto newest = BenchmarkStore(application.home_path() / kBenchmarksFolder).newest();
  if (!newest) return newest.error();
  if (!*newest)
    return Error{ErrorKind::not_ready, "Personal benchmark is empty",
                 "rate 10 or more answers with 0.7 or better"};
  const Benchmark& benchmark = (*newest)->benchmark;
  const GateSettings& gate = (*settings)->gate;
  const std::size_t held_out = benchmark.part(Part::held_out).size();
  const std::size_t tasks =
      draw_sample(benchmark, "", {gate.benchmark_subsample_size, gate.full_benchmark}).size();
  const Noise noise = noise_of(application.recorder(), tasks);
  const auto power_for = [&](int edits) {
    return gate_power({static_cast<int>(tasks), noise.run_variance,
                       (1 - gate.noise_confidence) / edits, gate.min_improvement});
  };
  const GatePower one = power_for(1);
  const GatePower many = power_for(kManyEdits);
  output.document({{"version", benchmark.version},
                   {"held_out_tasks", held_out},
                   {"tasks", tasks},
                   {"noise", {{"run_variance", noise.run_variance}, {"source", noise.source}}},
                   {"one_edit", power_document(one)},
                   {"each_of_five_edits", power_document(many)}});
  output.heading("What " + benchmark.version + " can see");
  output.line("  tasks   " + std::to_string(tasks) + " of " + std::to_string(held_out) +
              " held-out tasks decide in a session");
  output.line("  noise   " + noise.source);
  print_power("one edit in a session: ", one, output);
  print_power("each of five edits:    ", many, output);
  if (tasks < held_out)
    output.line(
        "More tasks see more than more runs: raise benchmark_subsample_size, or set "
        "full_benchmark, in [learning.distillation.gate].");
  return 0;
}

}  // namespace jarvis
