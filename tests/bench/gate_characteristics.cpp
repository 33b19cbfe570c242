// How often the gate is right: seeded Monte Carlo of whole sessions on a noisy student.
//
// The noise: task i is answered rightly with probability p_i in every run, independently. The p_i
// come from a beta distribution with mean p = 0.7 and a + b = 1/rho − 1 = 1, so that two runs of
// one task are correlated by rho = 0.5. Fifty tasks stand in five clusters of ten. An edit of +d
// moves every p_i towards 1 by the share d/(1 − p) of what is left, one of −d towards 0 by the
// share d/p: the mean over all tasks moves by exactly d.
//
//   gate_characteristics [SESSIONS_PER_CELL]     20,000 when it is not given
//
// Ends with 1 when a bound does not hold; with fewer than 10,000 sessions each bound is widened by
// three standard errors.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "tests/bench/gate_session.hpp"

namespace {

using namespace jarvis;
using jarvis::bench::count_attempts;
using jarvis::bench::is_veto;
using jarvis::bench::play_trial;

constexpr double kAlpha = 0.1;
constexpr int kThreads = 2;
constexpr int kFullSessions = 10000;  ///< from here on the bounds hold as they stand
constexpr int kDefaultSessions = 20000;

struct Noise {
  double mean = 0.7;
  double correlation = 0.5;
};

/** What one edit does to each cluster. */
using Effect = std::vector<double>;

struct Cell {
  Noise noise;
  int tasks = 50;
  std::vector<Effect> edits;  ///< one after the other, each on the state that is left by the others
  GateRule rule;
  int coins = -1;  ///< this many tasks are thrown coins and the others always right, when ≥ 0
  std::uint64_t seed = 1;
};

/** What became of the edits of all sessions of a cell. */
struct Tally {
  int sessions = 0;
  int any_null_accepted = 0;
  double candidate_calls = 0;
  double baseline_calls = 0;
  std::vector<int> accepted, vetoed, undecided;

  explicit Tally(std::size_t edits) : accepted(edits), vetoed(edits), undecided(edits) {}

  void add(const Tally& other) {
    sessions += other.sessions;
    any_null_accepted += other.any_null_accepted;
    candidate_calls += other.candidate_calls;
    baseline_calls += other.baseline_calls;
    for (std::size_t i = 0; i < accepted.size(); ++i) {
      accepted[i] += other.accepted[i];
      vetoed[i] += other.vetoed[i];
      undecided[i] += other.undecided[i];
    }
  }
};

Effect everywhere(double delta) {
  return Effect(5, delta);
}

bool is_null(const Effect& effect) {
  for (const double delta : effect)
    if (delta != 0) return false;
  return true;
}

double moved(double p, double delta, double mean) {
  return delta >= 0 ? p + delta * (1 - p) / (1 - mean) : p * (1 + delta / mean);
}

class Session {
 public:
  Session(const Cell& cell, std::uint64_t number)
      : cell_(cell), random_(cell.seed * 1000003 + number), chances_(drawn_chances()) {}

  void play(Tally& tally) {
    std::vector<TriedEdit> tried;
    std::vector<TaskRuns> state = fresh_tasks();
    bool null_accepted = false;
    for (std::size_t i = 0; i < cell_.edits.size(); ++i) {
      const std::vector<double> after = chances_after(cell_.edits[i]);
      const int edits_left = static_cast<int>(cell_.edits.size() - i);
      const double share = error_share(kAlpha, tried, std::to_string(i), edits_left);
      const int cached = count_attempts(state, Arm::baseline);
      const Verdict verdict = play_trial(
          state, cell_.rule, share, [&](std::size_t task) { return run(chances_[task]); },
          [&](std::size_t task) { return run(after[task]); });
      const bool accepted = verdict.decision == Decision::accept;
      tally.baseline_calls += count_attempts(state, Arm::baseline) - cached;
      tally.candidate_calls += count_attempts(state, Arm::candidate);
      tally.accepted[i] += accepted;
      tally.vetoed[i] += is_veto(verdict);
      tally.undecided[i] += verdict.decision == Decision::undecided;
      null_accepted = null_accepted || (accepted && is_null(cell_.edits[i]));
      tried.push_back({std::to_string(i), share, accepted});
      if (accepted) {
        chances_ = after;
        state = fresh_tasks();
      }
      for (TaskRuns& task : state) task.candidate.clear();
    }
    tally.any_null_accepted += null_accepted;
    ++tally.sessions;
  }

 private:
  std::vector<double> drawn_chances() {
    const double spread = 1 / cell_.noise.correlation - 1;
    std::gamma_distribution<> right(cell_.noise.mean * spread, 1);
    std::gamma_distribution<> wrong((1 - cell_.noise.mean) * spread, 1);
    std::vector<double> chances;
    for (int i = 0; i < cell_.tasks; ++i) {
      const double one = right(random_), other = wrong(random_);
      double chance = one + other > 0 ? one / (one + other) : cell_.noise.mean;
      if (cell_.coins >= 0) chance = i < cell_.coins ? 0.5 : 1;
      chances.push_back(chance);
    }
    return chances;
  }

  std::vector<TaskRuns> fresh_tasks() const {
    std::vector<TaskRuns> tasks;
    for (int i = 0; i < cell_.tasks; ++i)
      tasks.push_back({"task-" + std::to_string(1000 + i),
                       "class-" + std::to_string(cluster(i)),
                       1,
                       {},
                       {},
                       {}});
    return tasks;
  }

  int cluster(int task) const { return task * 5 / cell_.tasks; }

  std::vector<double> chances_after(const Effect& effect) const {
    std::vector<double> after;
    for (int i = 0; i < cell_.tasks; ++i)
      after.push_back(moved(chances_[static_cast<std::size_t>(i)],
                            effect[static_cast<std::size_t>(cluster(i))], cell_.noise.mean));
    return after;
  }

  double run(double chance) { return std::uniform_real_distribution<>(0, 1)(random_) < chance; }

  const Cell& cell_;
  std::mt19937_64 random_;
  std::vector<double> chances_;
};

Tally simulate(const Cell& cell, int sessions) {
  std::vector<Tally> parts(kThreads, Tally(cell.edits.size()));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([&, thread] {
      for (int number = thread; number < sessions; number += kThreads)
        Session(cell, static_cast<std::uint64_t>(number))
            .play(parts[static_cast<std::size_t>(thread)]);
    });
  for (std::thread& thread : threads) thread.join();
  Tally all(cell.edits.size());
  for (const Tally& part : parts) all.add(part);
  return all;
}

/** Prints the table and holds its figures to their bounds. */
class Report {
 public:
  explicit Report(int sessions) : sessions_(sessions) {}

  static void title(const char* text) {
    std::printf("\n%-46s %8s %8s %8s %10s %10s\n", text, "accept", "veto", "undecid", "cand.runs",
                "base.runs");
  }

  /** The figures of edit `edit`; the runs are those of a whole session. */
  void row(const char* what, const Tally& tally, std::size_t edit) const {
    std::printf("  %-44s %8.2f %8.2f %8.2f %10.1f %10.1f\n", what,
                percent(tally.accepted[edit], tally), percent(tally.vetoed[edit], tally),
                percent(tally.undecided[edit], tally), tally.candidate_calls / tally.sessions,
                tally.baseline_calls / tally.sessions);
    std::fflush(stdout);
  }

  static double percent(int count, const Tally& tally) { return 100.0 * count / tally.sessions; }

  void at_most(const char* what, double percent, double bound) {
    const double limit = bound + slack(bound);
    hold(what, percent, limit, percent <= limit, "≤");
  }
  void at_least(const char* what, double percent, double bound) {
    const double limit = bound - slack(bound);
    hold(what, percent, limit, percent >= limit, "≥");
  }
  void calls_at_most(double calls, double bound) {
    const double limit = sessions_ < kFullSessions ? 1.1 * bound : bound;
    hold("candidate runs, mean over 0/+5/+10", calls, limit, calls <= limit, "≤");
  }

  int failures() const { return failures_; }

 private:
  double slack(double bound) const {
    return sessions_ < kFullSessions ? 3 * std::sqrt(bound * (100 - bound) / sessions_) : 0;
  }

  void hold(const char* what, double value, double bound, bool holds, const char* sign) {
    std::printf("  %-58s %8.2f  %s %6.1f  %s\n", what, value, sign, bound, holds ? "ok" : "FAILED");
    if (!holds) ++failures_;
  }

  int sessions_;
  int failures_ = 0;
};

Cell cell_of(std::vector<Effect> edits) {
  Cell cell;
  cell.edits = std::move(edits);
  return cell;
}

/** One edit of `delta` among four that do nothing, at each place in a fifth of the sessions. */
struct InCompany {
  Tally tally{5};
  int real_accepted = 0;
  double power() const { return 100.0 * real_accepted / tally.sessions; }
};

InCompany in_company(double delta, int sessions) {
  InCompany all;
  for (std::size_t place = 0; place < 5; ++place) {
    std::vector<Effect> edits(5, everywhere(0));
    edits[place] = everywhere(delta);
    Cell cell = cell_of(edits);
    cell.seed = 100 + place;
    const Tally tally = simulate(cell, (sessions + 4) / 5);
    all.real_accepted += tally.accepted[place];
    all.tally.add(tally);
  }
  return all;
}

void one_edit(Report& report, int sessions) {
  Report::title("a session of one edit, confidence 0.9, %");
  const auto measured = [&](const char* what, double delta) {
    const Tally tally = simulate(cell_of({everywhere(delta)}), sessions);
    report.row(what, tally, 0);
    return tally;
  };
  const Tally worse = measured("-5 points", -0.05), same = measured("nothing", 0);
  measured("+2 points", 0.02);
  const Tally five = measured("+5 points", 0.05), ten = measured("+10 points", 0.10);
  const Tally broken = simulate(cell_of({{0.2, 0.2, 0.2, 0.2, -0.3}}), sessions);
  report.row("+20 in four clusters, -30 in one", broken, 0);
  const Tally dim = simulate(cell_of({{0.1, 0.1, 0.1, 0.1, -0.3}}), sessions);
  report.row("+10 in four clusters, -30 in one", dim, 0);
  report.at_most("-5 points: accepted", Report::percent(worse.accepted[0], worse), 0.5);
  report.at_most("nothing: accepted", Report::percent(same.accepted[0], same), 5);
  report.at_least("+5 points: accepted", Report::percent(five.accepted[0], five), 55);
  report.at_least("+10 points: accepted", Report::percent(ten.accepted[0], ten), 93);
  report.calls_at_most(
      (same.candidate_calls + five.candidate_calls + ten.candidate_calls) / (3.0 * sessions), 210);
  report.at_most("+10 points: vetoed", Report::percent(ten.vetoed[0], ten), 2);
  const int stood = broken.accepted[0] + broken.vetoed[0];
  report.at_least("a cluster broken by -30: vetoed of what the guard saw",
                  stood > 0 ? 100.0 * broken.vetoed[0] / stood : 100, 90);
}

void five_edits(Report& report, int sessions) {
  Report::title("a session of five edits, confidence 0.9, %");
  const Tally nulls = simulate(cell_of(std::vector<Effect>(5, everywhere(0))), sessions);
  report.row("five that do nothing: the first", nulls, 0);
  report.row("  the last", nulls, 4);
  const InCompany five = in_company(0.05, sessions), ten = in_company(0.10, sessions);
  std::printf("  %-44s %8.2f %28.1f %10.1f\n", "+5 points among four that do nothing", five.power(),
              five.tally.candidate_calls / five.tally.sessions,
              five.tally.baseline_calls / five.tally.sessions);
  std::printf("  %-44s %8.2f %28.1f %10.1f\n", "+10 points among four that do nothing", ten.power(),
              ten.tally.candidate_calls / ten.tally.sessions,
              ten.tally.baseline_calls / ten.tally.sessions);
  std::vector<Effect> harm(5, everywhere(-0.05));
  const Tally worse = simulate(cell_of(harm), sessions);
  report.row("five of -5 points: the first", worse, 0);
  report.at_most("five that do nothing: any accepted",
                 Report::percent(nulls.any_null_accepted, nulls), 10);
  report.at_most("+10 among four that do nothing: any of the four",
                 Report::percent(ten.tally.any_null_accepted, ten.tally), 10);
  report.at_least("+5 points: accepted", five.power(), 34);
  report.at_least("+10 points: accepted", ten.power(), 88);
  report.at_most("-5 points: accepted", Report::percent(worse.accepted[0], worse), 0.5);
}

/** Where the documented rule stands, and what other students would see; no bounds. */
void beside(Report& report, int sessions) {
  Report::title("the plain rule (noise_confidence = 0), %");
  for (const double delta : {-0.05, 0.0, 0.05, 0.10}) {
    Cell cell = cell_of({everywhere(delta)});
    cell.rule.noise_confidence = 0;
    char what[40];
    std::snprintf(what, sizeof what, "%+.0f points", delta * 100);
    report.row(what, simulate(cell, sessions), 0);
  }
  Report::title("edits that do nothing, other noise, %");
  const auto row = [&](const char* what, const Noise& noise, int tasks, int coins,
                       std::size_t edits) {
    Cell cell = cell_of(std::vector<Effect>(edits, everywhere(0)));
    cell.noise = noise;
    cell.tasks = tasks;
    cell.coins = coins;
    const Tally tally = simulate(cell, sessions);
    report.row(what, tally, 0);
    if (edits > 1)
      std::printf("  %-44s %8.2f\n", "  any accepted",
                  Report::percent(tally.any_null_accepted, tally));
  };
  row("p = 0.1, rho = 0.5", {0.1, 0.5}, 50, -1, 1);
  row("p = 0.3, rho = 0.5", {0.3, 0.5}, 50, -1, 1);
  row("p = 0.5, rho = 0.1", {0.5, 0.1}, 50, -1, 1);
  row("p = 0.7, rho = 0.9", {0.7, 0.9}, 50, -1, 1);
  row("p = 0.95, rho = 0.3", {0.95, 0.3}, 50, -1, 1);
  row("20 tasks", {}, 20, -1, 1);
  row("100 tasks", {}, 100, -1, 1);
  row("200 tasks", {}, 200, -1, 1);
  row("one coin among 49 sure tasks, one edit", {}, 50, 1, 1);
  row("one coin among 49 sure tasks, five edits", {}, 50, 1, 5);
  row("two coins among 48 sure tasks, five edits", {}, 50, 2, 5);
  row("three coins among 47 sure tasks, five edits", {}, 50, 3, 5);
}

}  // namespace

int main(int argc, char** argv) {
  const int sessions = argc > 1 ? std::atoi(argv[1]) : kDefaultSessions;
  if (sessions < 1) {
    std::fprintf(stderr, "usage: gate_characteristics [SESSIONS_PER_CELL]\n");
    return 2;
  }
  std::printf("%d sessions a cell; p = 0.7, rho = 0.5, 50 tasks in five clusters of ten\n",
              sessions);
  Report report(sessions);
  one_edit(report, sessions);
  five_edits(report, sessions);
  beside(report, sessions);
  if (report.failures() > 0) std::printf("\n%d bounds do not hold\n", report.failures());
  return report.failures() > 0 ? 1 : 0;
}
