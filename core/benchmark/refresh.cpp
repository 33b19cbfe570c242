#include "core/benchmark/refresh.hpp"

#include <algorithm>
#include <set>

#include "core/benchmark/gold.hpp"
#include "core/benchmark/shares.hpp"
#include "core/benchmark/split.hpp"

namespace jarvis {

namespace {

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

Result<void> check_bootstrap(const std::vector<Candidate>& candidates) {
  const auto liked = static_cast<std::size_t>(std::count_if(
      candidates.begin(), candidates.end(),
      [](const Candidate& candidate) { return candidate.stratum == Stratum::retain; }));
  if (liked >= kLeastLiked) return {};
  return Error{ErrorKind::not_ready,
               "Personal benchmark is empty: " + std::to_string(liked) +
                   (liked == 1 ? " liked trace" : " liked traces") + " of the " +
                   std::to_string(kLeastLiked) + " that it needs",
               "rate 10 or more answers with 0.7 or better"};
}

/** The former version without the tasks of agents that the user has excluded since. */
BenchmarkFile former_version(std::optional<BenchmarkFile> newest, const MiningRule& rule) {
  BenchmarkFile former = newest ? *std::move(newest) : BenchmarkFile();
  auto& tasks = former.benchmark.tasks;
  tasks.erase(
      std::remove_if(tasks.begin(), tasks.end(),
                     [&](const Task& task) { return contains(rule.exclude_agents, task.agent); }),
      tasks.end());
  return former;
}

Task task_of(const Candidate& candidate, const Gold& gold) {
  Task task;
  task.id = candidate.task_id;
  task.query = candidate.trace.query;
  task.query_class = candidate.query_class;
  task.agent = candidate.trace.agent;
  task.gold = *gold.answer;
  task.gold_source = gold.source;
  task.trace_id = candidate.trace.id;
  task.stratum = candidate.stratum;
  return task;
}

/** Unsure tasks alone are no reason to pay for two more answers each. */
bool worth_asking(const std::vector<Candidate>& wanted, const BenchmarkFile& former) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const Candidate& candidate) {
    return !contains(former.unsure_task_ids, candidate.task_id);
  });
}

/** One refresh from the former version to the next. */
class Refresher {
 public:
  Refresher(const BenchmarkInputs& inputs, std::vector<Candidate> candidates,
            std::optional<BenchmarkFile> newest)
      : inputs_(inputs),
        candidates_(std::move(candidates)),
        present_(newest ? newest->benchmark : Benchmark()),
        former_(former_version(std::move(newest), inputs.rule)) {}

  Result<Refresh> run() {
    const double spent_before = spent();
    selection_ = choose(former_.benchmark.tasks, candidates_, inputs_.rule.max_tasks);
    tasks_ = selection_.kept;
    unsure_ = former_.unsure_task_ids;
    if (worth_asking(selection_.wanted, former_)) add_new_tasks();
    if (tasks_.empty()) return nothing_made();
    // A first version that was cut short would be the benchmark from then on.
    if (present_.number == 0 && refresh_.stopped && tasks_.size() < kLeastLiked)
      return *refresh_.stopped;
    refresh_.unsure = static_cast<int>(unsure_.size());
    const std::set<std::string> settled = ids_of(former_.benchmark.tasks);
    split(tasks_, settled, inputs_.rule);
    balance_weights(tasks_, former_.benchmark.tasks, candidates_);
    if (is_unchanged()) {
      refresh_.benchmark = present_;
      return refresh_;
    }
    const BenchmarkFile next = next_version(spent() - spent_before);
    if (auto written = inputs_.store.write(next); !written) return written.error();
    refresh_.benchmark = next.benchmark;
    refresh_.changed = true;
    return refresh_;
  }

 private:
  double spent() const { return inputs_.purse ? inputs_.purse->spent_usd() : 0; }

  static std::set<std::string> ids_of(const std::vector<Task>& tasks) {
    std::set<std::string> ids;
    for (const Task& task : tasks) ids.insert(task.id);
    return ids;
  }

  void add_new_tasks() {
    const Golds golds = make_golds(
        selection_.wanted,
        {inputs_.teacher, inputs_.judge, inputs_.concurrency, inputs_.progress, inputs_.cancelled});
    refresh_.stopped = golds.stopped;
    unsure_.clear();
    for (std::size_t i = 0; i < golds.golds.size(); ++i) {
      const Gold& gold = golds.golds[i];
      if (gold.answer) {
        tasks_.push_back(task_of(selection_.wanted[i], gold));
        added_.push_back(tasks_.back());
      } else if (gold.unsure) {
        unsure_.push_back(selection_.wanted[i].task_id);
      } else {
        ++refresh_.waiting;
        if (gold.waiting && !refresh_.first_failure) refresh_.first_failure = gold.waiting;
      }
    }
    refresh_.added = static_cast<int>(added_.size());
  }

  Error nothing_made() const {
    if (refresh_.stopped) return *refresh_.stopped;
    if (refresh_.first_failure) return *refresh_.first_failure;
    return {ErrorKind::not_ready, "Personal benchmark is empty: no gold answer is sure enough",
            "rate 10 or more answers with 0.7 or better"};
  }

  bool is_unchanged() const {
    if (present_.number == 0 || !added_.empty()) return false;
    const auto same = [](const Task& one, const Task& other) {
      return one.id == other.id && one.part == other.part;
    };
    std::vector<Task> before = present_.tasks, now = tasks_;
    const auto by_id = [](const Task& one, const Task& other) { return one.id < other.id; };
    std::sort(before.begin(), before.end(), by_id);
    std::sort(now.begin(), now.end(), by_id);
    return std::equal(before.begin(), before.end(), now.begin(), now.end(), same);
  }

  BenchmarkFile next_version(double cost) {
    BenchmarkFile next;
    Benchmark& benchmark = next.benchmark;
    benchmark.number = present_.number + 1;
    benchmark.version = "personal_v" + std::to_string(benchmark.number);
    benchmark.created_at = iso8601(inputs_.clock.now());
    benchmark.cost_usd = cost;
    benchmark.teacher_model = inputs_.teacher.model();
    benchmark.judge_model = inputs_.judge.model();
    std::sort(tasks_.begin(), tasks_.end(),
              [](const Task& one, const Task& other) { return one.id < other.id; });
    benchmark.tasks = tasks_;
    next.provenance = former_.provenance;
    Provenance made{benchmark.version,
                    benchmark.created_at,
                    benchmark.teacher_model,
                    benchmark.judge_model,
                    gold_prompt_sha256(),
                    cost,
                    {},
                    {}};
    for (const Task& task : added_) {
      made.task_ids.push_back(task.id);
      made.trace_ids.push_back(task.trace_id);
    }
    next.provenance.push_back(std::move(made));
    next.unsure_task_ids = unsure_;
    return next;
  }

  const BenchmarkInputs& inputs_;
  const std::vector<Candidate> candidates_;
  const Benchmark present_;
  const BenchmarkFile former_;
  Selection selection_;
  std::vector<Task> tasks_;
  std::vector<Task> added_;
  std::vector<std::string> unsure_;
  Refresh refresh_;
};

}  // namespace

Result<Refresh> refresh_benchmark(const BenchmarkInputs& inputs) {
  auto newest = inputs.store.newest();
  if (!newest) return newest.error();
  auto candidates = mine_candidates(inputs.traces, inputs.rule);
  if (!candidates) return candidates.error();
  if (!newest->has_value())
    if (auto ready = check_bootstrap(*candidates); !ready) return ready.error();
  return Refresher(inputs, *std::move(candidates), *std::move(newest)).run();
}

}  // namespace jarvis
