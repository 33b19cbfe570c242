// What the gate makes of real answers: recorded answers of four models to grade-school questions,
// right or wrong. Every model is the present state once, every other one the candidate, on homes of
// fifty held-out tasks drawn from the questions without replacement. The answers are recorded, so
// the student is a steady one and the plain rule decides.
//
//   gate_real_data gsm8k.jsonl [HOMES_PER_PAIR]     the file, or the folder of the replay kit in
//                                                   JARVIS_REPLAY_KIT; 500 homes
//
// Ends with 1 when a gain of 13 points or more is accepted in under 95 % of homes, or a loss of 15
// or more in over 1 %.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

#include "core/model/json.hpp"
#include "tests/bench/gate_session.hpp"

namespace {

using namespace jarvis;

constexpr int kHeldOut = 50;
const std::array<std::string, 4> kModels{"gsm-6b:finetuning", "gsm-6b:verification",
                                         "gsm-175b:finetuning", "gsm-175b:verification"};

/** One question: which of the models is right. */
using Row = std::array<bool, 4>;

std::vector<Row> read_rows(const std::string& path) {
  std::ifstream file(path);
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    const json::object record = json::parse(line).as_object();
    Row row{};
    for (std::size_t model = 0; model < kModels.size(); ++model)
      row[model] = record.at(kModels[model]).as_object().at("is_correct").as_bool();
    rows.push_back(row);
  }
  return rows;
}

double share_right(const std::vector<Row>& rows, std::size_t model) {
  const auto right =
      std::count_if(rows.begin(), rows.end(), [&](const Row& row) { return row[model]; });
  return static_cast<double>(right) / static_cast<double>(rows.size());
}

struct Result {
  double mean = 0;      ///< of the measured deltas, in points
  double accepted = 0;  ///< in per cent
  double runs = 0;      ///< of the candidate
};

Result try_pair(std::vector<Row> rows, std::size_t from, std::size_t to, int homes) {
  std::mt19937_64 random(from * 4 + to);
  Result result;
  for (int home = 0; home < homes; ++home) {
    std::shuffle(rows.begin(), rows.end(), random);
    std::vector<TaskRuns> tasks;
    for (int i = 0; i < kHeldOut; ++i)
      tasks.push_back({"task-" + std::to_string(100 + i), "math", 1, {}, {}});
    const auto score = [&](std::size_t model) {
      return [&rows, model](std::size_t task) { return rows[task][model] ? 1.0 : 0.0; };
    };
    const Verdict verdict = bench::play_trial(tasks, {}, 0.1, score(from), score(to));
    result.mean += 100 * verdict.benchmark_delta.value_or(0) / homes;
    result.accepted += verdict.decision == Decision::accept ? 100.0 / homes : 0;
    result.runs += static_cast<double>(bench::count_attempts(tasks, Arm::candidate)) / homes;
  }
  return result;
}

const char* bound_of(double change, double accepted, int& failures) {
  const bool gain = change >= 13, loss = change <= -15;
  if (!gain && !loss) return "";
  const bool holds = gain ? accepted >= 95 : accepted <= 1;
  if (!holds) ++failures;
  return holds ? "ok" : "FAILED";
}

int report(const std::vector<Row>& rows, int homes) {
  int failures = 0;
  std::printf("%zu questions, %d homes a pair, %d held-out tasks\n%-24s %-24s %8s %8s %10s %8s\n",
              rows.size(), homes, kHeldOut, "from", "to", "true", "mean", "accepted %", "runs");
  for (std::size_t from = 0; from < kModels.size(); ++from)
    for (std::size_t to = 0; to < kModels.size(); ++to) {
      if (from == to) continue;
      const double change = 100 * (share_right(rows, to) - share_right(rows, from));
      const Result result = try_pair(rows, from, to, homes);
      std::printf("%-24s %-24s %+8.1f %+8.1f %10.1f %8.1f  %s\n", kModels[from].c_str(),
                  kModels[to].c_str(), change, result.mean, result.accepted, result.runs,
                  bound_of(change, result.accepted, failures));
    }
  return failures;
}

}  // namespace

int main(int argc, char** argv) {
  const char* kit = std::getenv("JARVIS_REPLAY_KIT");
  if (argc < 2 && kit == nullptr) {
    std::fprintf(stderr, "usage: gate_real_data gsm8k.jsonl [HOMES_PER_PAIR]\n");
    return 2;
  }
  const std::string path = argc > 1 ? argv[1] : std::string(kit) + "/data/gsm8k.jsonl";
  const int homes = argc > 2 ? std::atoi(argv[2]) : 500;
  try {
    const std::vector<Row> rows = read_rows(path);
    if (rows.size() < kHeldOut || homes < 1) {
      std::fprintf(stderr, "'%s' has %zu questions, %d are needed\n", path.c_str(), rows.size(),
                   kHeldOut);
      return 2;
    }
    return report(rows, homes) > 0 ? 1 : 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "cannot read '%s': %s\n", path.c_str(), failure.what());
    return 2;
  }
}
