#include "core/session/execute/gate/sequential.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>
#include <string>

#include "core/session/execute/gate/guard.hpp"
#include "core/session/execute/gate/paired.hpp"
#include "core/session/execute/gate/reasons.hpp"
#include "core/session/execute/gate/sign_flip.hpp"
#include "core/session/execute/gate/spending.hpp"

namespace jarvis {

namespace {

using Tasks = std::vector<TaskRuns>;
using Wanted = std::vector<WantedRuns>;

constexpr WantedRuns kPlain{1, 1};
constexpr WantedRuns kFirstSight{2, 1};
constexpr int kFewestConfirmations = 2;
constexpr double kNinetyPercent = 1.6449;
constexpr double kEightyPercentPower = 0.8416;

Look wants(Wanted wanted) {
  return {std::nullopt, std::move(wanted)};
}

std::string commonest_reason(const Tasks& tasks) {
  std::map<std::string, int> counts;
  for (const TaskRuns& task : tasks)
    if (!task.missing_reason.empty()) ++counts[task.missing_reason];
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? "" : ": " + most->first;
}

/** Why the wanted runs do not allow a decision; nothing when they do. */
std::optional<std::string> too_little(const Tasks& tasks, const Wanted& wanted) {
  const RunCount baseline = count_runs(tasks, wanted, Arm::baseline);
  const RunCount candidate = count_runs(tasks, wanted, Arm::candidate);
  const bool worse = candidate.coverage() <= baseline.coverage();
  const RunCount& arm = worse ? candidate : baseline;
  if (arm.coverage() >= kLeastCoverage) return std::nullopt;
  return "only " + std::to_string(arm.scored) + " of " + std::to_string(arm.wanted) +
         " task runs of the " + (worse ? "candidate" : "present state") + " could be measured" +
         commonest_reason(tasks);
}

/** What a verdict says of the runs that it rests on. */
void count(const Tasks& tasks, const Wanted& wanted, Verdict& verdict) {
  verdict.baseline_runs = count_runs(tasks, wanted, Arm::baseline).scored;
  verdict.candidate_runs = count_runs(tasks, wanted, Arm::candidate).scored;
}

Look undecided(const Tasks& tasks, const Wanted& wanted, Verdict verdict, std::string reason) {
  verdict.decision = Decision::undecided;
  verdict.reason = std::move(reason);
  count(tasks, wanted, verdict);
  return {std::move(verdict), {}};
}

/** The decision where no noise is seen, or none is looked for. */
class PlainRule {
 public:
  PlainRule(const Tasks& tasks, const GateRule& rule) : tasks_(tasks), rule_(rule) {}

  Look without_noise_check() const {
    const Wanted wanted(tasks_.size(), kPlain);
    if (!are_there(tasks_, wanted)) return wants(wanted);
    return verdict_of(wanted);
  }

  /** Nothing when noise was seen. */
  std::optional<Look> where_no_noise_is_seen(double alpha) const {
    Wanted wanted(tasks_.size(), kFirstSight);
    if (!are_there(tasks_, wanted)) return wants(wanted);
    if (noise_is_seen(tasks_)) return std::nullopt;
    const Paired paired =
        pair_up(means_of(tasks_, wanted, Arm::baseline), means_of(tasks_, wanted, Arm::candidate));
    // What would be turned down as it is need not be seen twice.
    if (weighted_mean(paired.all) <= kRounding) return confirmed(wanted);
    const int runs = confirmations(paired, alpha);
    for (std::size_t i = 0; i < tasks_.size(); ++i)
      if (is_changed(tasks_[i])) wanted[i] = {runs, runs};
    if (!are_there(tasks_, wanted)) return wants(wanted);
    return confirmed(wanted);
  }

 private:
  /** How often a changed task is run in each arm. Had the tasks that improved been thrown coins,
   * all of k runs before and k after would agree with a chance of 4^−k each; together they must not
   * do that more often than `alpha`. Two runs are enough unless a single task or so decides. */
  static int confirmations(const Paired& paired, double alpha) {
    const auto improved =
        std::count_if(paired.all.begin(), paired.all.end(),
                      [](const Difference& difference) { return difference.value > kRounding; });
    int runs = kFewestConfirmations;
    while (runs < kLooks.back().candidate &&
           std::pow(0.25, static_cast<double>(runs * improved)) > alpha)
      ++runs;
    return runs;
  }

  static bool is_changed(const TaskRuns& task) {
    const auto before = std::find_if(task.baseline.begin(), task.baseline.end(),
                                     [](const auto& score) { return score.has_value(); });
    const auto& after = task.candidate.front();
    return before != task.baseline.end() && after && std::abs(*after - **before) > kRounding;
  }

  Look confirmed(const Wanted& wanted) const {
    Look look = verdict_of(wanted);
    look.verdict->noise_floor = 0;
    return look;
  }

  Look verdict_of(const Wanted& wanted) const {
    if (auto reason = too_little(tasks_, wanted)) return undecided(tasks_, wanted, {}, *reason);
    ArmScores candidate = means_of(tasks_, wanted, Arm::candidate);
    for (std::size_t i = 0; i < tasks_.size(); ++i)
      if (wanted[i].candidate > 1 && seen_once(tasks_[i])) candidate.tasks[i].score.reset();
    Verdict verdict = decide(means_of(tasks_, wanted, Arm::baseline), candidate, rule_);
    count(tasks_, wanted, verdict);
    return {std::move(verdict), {}};
  }

  /** A change whose further runs are all missing is no measured change. */
  static bool seen_once(const TaskRuns& task) {
    return std::count_if(task.candidate.begin(), task.candidate.end(),
                         [](const auto& score) { return score.has_value(); }) < 2;
  }

  const Tasks& tasks_;
  const GateRule& rule_;
};

/** The looks at noisy runs, from the first on, each on its own runs alone: what later looks have
 * brought, or an interrupted one, changes nothing. */
class NoisyRuns {
 public:
  NoisyRuns(const Tasks& tasks, const GateRule& rule, double alpha)
      : tasks_(tasks), rule_(rule), levels_(look_levels(alpha)) {}

  Look next() {
    for (std::size_t look = 0; look < kLookCount; ++look) {
      const Wanted wanted(tasks_.size(), kLooks[look]);
      if (!are_there(tasks_, wanted)) return wants(wanted);
      paired_ = pair_up(means_of(tasks_, wanted, Arm::baseline),
                        means_of(tasks_, wanted, Arm::candidate));
      if (auto reason = too_little(tasks_, wanted))
        return undecided(tasks_, wanted, verdict_so_far(look, wanted), *reason);
      if (auto verdict = verdict_at(look, wanted)) return {std::move(verdict), {}};
    }
    return {};
  }

 private:
  Verdict verdict_so_far(std::size_t look, const Wanted& wanted) const {
    Verdict verdict = measured_verdict(paired_);
    verdict.looks = static_cast<int>(look) + 1;
    verdict.noise_floor = noise_floor(wanted, kLooks[look]);
    count(tasks_, wanted, verdict);
    return verdict;
  }

  std::optional<Verdict> verdict_at(std::size_t look, const Wanted& wanted) {
    const double p = sign_flip_p(paired_.all, rule_.min_improvement);
    const double excess = weighted_mean(paired_.all) - rule_.min_improvement;
    const bool crosses = p <= levels_[look];
    const bool futile = !crosses && excess <= kFutility[look] + kRounding;
    const bool last = look + 1 == kLookCount;
    Verdict verdict = verdict_so_far(look, wanted);
    verdict.confidence = 1 - p;
    if (crosses && kLooks[look].candidate >= kGuardedRuns) return guarded(std::move(verdict), look);
    if (futile || last) return ended(std::move(verdict), look);
    return std::nullopt;
  }

  std::string text_of(const Verdict& verdict, std::size_t look) const {
    return measured_text(verdict, paired_.all.size(), kLooks[look].candidate);
  }

  /** Of a gain that is beyond the noise. Nothing where a cluster may have fallen and more runs can
   * still tell. */
  std::optional<Verdict> guarded(Verdict verdict, std::size_t look) const {
    const bool last = look + 1 == kLookCount;
    const auto likely = falls_beyond_noise(paired_, rule_.max_regression, kLikelyFall);
    const auto sure = falls_beyond_noise(paired_, rule_.max_regression, kSureFall);
    if (likely.empty()) {
      verdict.decision = Decision::accept;
      verdict.reason = "improvement: " + text_of(verdict, look);
    } else if (last || !sure.empty()) {
      verdict.decision = Decision::reject;
      verdict.reason = regression_text(likely);
    } else {
      return std::nullopt;
    }
    return verdict;
  }

  Verdict ended(Verdict verdict, std::size_t look) const {
    if (*verdict.benchmark_delta <= rule_.min_improvement + kRounding) {
      verdict.decision = Decision::reject;
      verdict.reason = no_improvement_text(text_of(verdict, look), rule_.min_improvement);
    } else {
      verdict.decision = Decision::undecided;
      verdict.reason = within_noise_text(verdict, text_of(verdict, look), more_runs(look));
    }
    return verdict;
  }

  double noise_floor(const Wanted& wanted, const WantedRuns& runs) const {
    double squares = 0, weight = 0;
    for (const Difference& difference : paired_.all) {
      squares += difference.weight * difference.weight;
      weight += difference.weight;
    }
    if (weight <= 0) return 0;
    const double variance = run_variance(tasks_, wanted).value_or(0) / information(runs);
    return kNinetyPercent * std::sqrt(variance * squares) / weight;
  }

  /** How many further runs, half of them of the present state, would show a gain as large as the
   * one measured with 80 % power, were they as noisy as those that are there. */
  std::optional<double> more_runs(std::size_t look) const {
    const double excess = weighted_mean(paired_.all) - rule_.min_improvement;
    const double level = levels_.back();
    if (excess <= kRounding || level <= 0 || level >= 1) return std::nullopt;
    const boost::math::normal_distribution<> normal;
    const double reach =
        boost::math::quantile(boost::math::complement(normal, level)) + kEightyPercentPower;
    const double seen = information(kLooks[look]);
    const double variance = variance_of(paired_.all) * seen;
    const double needed = reach * reach * variance / (excess * excess);
    const double had = seen * static_cast<double>(paired_.all.size());
    // A pair of single runs brings half a unit of information.
    return std::max(2 * 2 * (needed - had), static_cast<double>(paired_.all.size()));
  }

  const Tasks& tasks_;
  const GateRule& rule_;
  const std::array<double, kLookCount> levels_;
  Paired paired_;
};

}  // namespace

Look next_look(const std::vector<TaskRuns>& tasks, const GateRule& rule, double alpha) {
  if (tasks.empty()) return undecided(tasks, {}, {}, "there are no tasks to measure");
  const PlainRule plain(tasks, rule);
  if (rule.noise_confidence <= 0) return plain.without_noise_check();
  if (auto look = plain.where_no_noise_is_seen(alpha)) return *std::move(look);
  return NoisyRuns(tasks, rule, alpha).next();
}

}  // namespace jarvis
