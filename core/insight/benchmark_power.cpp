#include "core/insight/benchmark_power.hpp"

#include <algorithm>

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

/** Turns a verdict's noise floor back into the variance of one run. */
Noise noise_of(const std::optional<SeenNoise>& seen, std::size_t tasks) {
  if (!seen) return {};
  const std::string source = "measured in " + seen->session_id;
  if (seen->noise_floor <= 0) return {0, source + ": none was seen"};
  const auto look = static_cast<std::size_t>(std::max(seen->looks, 1)) - 1;
  const double error = seen->noise_floor / kNinetyPercent;
  return {error * error * static_cast<double>(tasks) *
              information(kLooks[std::min(look, kLookCount - 1)]),
          source};
}

}  // namespace

std::optional<SeenNoise> seen_noise(const Session& session) {
  for (const EditOutcome& outcome : session.outcomes)
    if (outcome.verdict && outcome.verdict->noise_floor)
      return SeenNoise{session.id, *outcome.verdict->noise_floor, outcome.verdict->looks};
  return std::nullopt;
}

std::optional<SeenNoise> newest_seen_noise(const SessionStore& sessions) {
  std::vector<BrokenSession> broken;
  for (const Session& session : sessions.list(broken))
    if (auto seen = seen_noise(session)) return seen;
  return std::nullopt;
}

BenchmarkPower benchmark_power(const Benchmark& benchmark, const GateSettings& gate,
                               const std::optional<SeenNoise>& seen) {
  BenchmarkPower power;
  power.held_out = benchmark.part(Part::held_out).size();
  power.tasks =
      draw_sample(benchmark, "", {gate.benchmark_subsample_size, gate.full_benchmark}).size();
  Noise noise = noise_of(seen, power.tasks);
  power.run_variance = noise.run_variance;
  power.noise_source = std::move(noise.source);
  const auto power_for = [&](int edits) {
    return gate_power({static_cast<int>(power.tasks), power.run_variance,
                       (1 - gate.noise_confidence) / edits, gate.min_improvement});
  };
  power.one_edit = power_for(1);
  power.each_of_five = power_for(kManyEdits);
  return power;
}

}  // namespace jarvis
