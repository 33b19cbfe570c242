#include "core/benchmark/refresh.hpp"

#include <algorithm>
#include <memory>
#include <set>

#include "core/base/digest.hpp"
#include "core/base/figures.hpp"
#include "core/benchmark/flagged.hpp"
#include "core/benchmark/gold.hpp"
#include "core/benchmark/shares.hpp"
#include "core/benchmark/split.hpp"

namespace jarvis {

namespace {

/** A first version is made while at most one task in so many waits for a server. */
constexpr int kMostWaiting = 10;

bool is_passing(const Error& error) {
  return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::retryable;
}

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

Result<void> check_bootstrap(const std::vector<Prospect>& prospects) {
  const auto liked = static_cast<std::size_t>(
      std::count_if(prospects.begin(), prospects.end(),
                    [](const Prospect& prospect) { return prospect.stratum == Stratum::retain; }));
  if (liked >= kLeastLiked) return {};
  return Error{ErrorKind::not_ready,
               "Personal benchmark is empty: " + std::to_string(liked) +
                   (liked == 1 ? " liked trace" : " liked traces") + " of the " +
                   std::to_string(kLeastLiked) + " that it needs",
               "rate 10 or more answers with 0.7 or better"};
}

/** People are told before, for it is paid apart from the session that begins with it. */
void tell_of_first(const BenchmarkInputs& inputs) {
  if (!inputs.progress) return;
  const std::string cost = inputs.purse ? "; its gold answers cost at most " +
                                              dollars(inputs.purse->cap_usd()) +
                                              ", apart from any session's money"
                                        : "";
  inputs.progress->step("making the benchmark from rated answers" + cost);
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

/** One refresh from the former version to the next. */
class Refresher {
 public:
  Refresher(const BenchmarkInputs& inputs, std::unique_ptr<Journal> journal, BenchmarkFile former,
            Benchmark present, std::vector<Prospect> prospects)
      : inputs_(inputs),
        journal_(std::move(journal)),
        prospects_(std::move(prospects)),
        present_(std::move(present)),
        former_(std::move(former)),
        spent_before_(spent()),
        spent_by_earlier_(journal_->spent_since_version_usd()) {}

  Result<Refresh> run() {
    journal_->begin(iso8601(inputs_.clock.now()) + "-" + random_hex(8));
    auto refreshed = next();
    refresh_.cost_usd = spent_here();
    if (auto ended = end(refreshed.ok() ? nullptr : &refreshed.error()); !ended)
      return ended.error();
    if (!refreshed) return refreshed.error();
    return refresh_;
  }

 private:
  Result<void> next() {
    mark_unsure();
    selection_ = choose(former_.benchmark.tasks, prospects_, inputs_.rule.max_tasks);
    auto candidates =
        load_candidates(inputs_.traces, inputs_.rule, selection_.wanted, former_.benchmark.tasks);
    if (!candidates) return candidates.error();
    tasks_ = selection_.kept;
    add_new_tasks(*candidates);
    keep_what_has_place();
    if (tasks_.empty()) return nothing_made();
    if (present_.number == 0)
      if (const auto why = cut_short()) return *why;
    split(tasks_, ids_of(former_.benchmark.tasks),
          tasks_of_traces(tasks_, journal_->flagged(), inputs_.traces), inputs_.rule.holdout_share);
    balance_weights(tasks_, former_.benchmark.tasks, prospects_);
    refresh_.benchmark = present_;
    if (is_unchanged()) return {};
    const BenchmarkFile written = next_version();
    if (auto stored = inputs_.store.write(written); !stored) return stored.error();
    refresh_.benchmark = written.benchmark;
    refresh_.changed = true;
    return {};
  }

  /** Why there is no first version yet: a part of it would be the benchmark from then on. What was
   * paid is in the journal. */
  std::optional<Error> cut_short() const {
    if (refresh_.stopped &&
        (refresh_.stopped->kind == ErrorKind::cancelled || tasks_.size() < kLeastLiked))
      return refresh_.stopped;
    const bool many_wait = refresh_.waiting > refresh_.added / kMostWaiting;
    if (many_wait && refresh_.first_failure && is_passing(*refresh_.first_failure))
      return refresh_.first_failure;
    return std::nullopt;
  }

  double spent() const { return inputs_.purse ? inputs_.purse->spent_usd() : 0; }
  double spent_here() const { return spent() - spent_before_; }

  static std::set<std::string> ids_of(const std::vector<Task>& tasks) {
    std::set<std::string> ids;
    for (const Task& task : tasks) ids.insert(task.id);
    return ids;
  }

  /** What waits for a sure gold answer leaves its place to others. */
  void mark_unsure() {
    if (inputs_.ask_unsure_again) return;
    const GoldMakers makers{inputs_.teacher.model(), inputs_.judge.model(), gold_prompt_sha256()};
    for (Prospect& prospect : prospects_)
      prospect.waits = journal_->is_unsure(prospect.trace_id, prospect.feedback, makers);
  }

  void add_new_tasks(const std::vector<Candidate>& candidates) {
    const Golds golds =
        make_golds(candidates, {inputs_.teacher, inputs_.judge, inputs_.concurrency,
                                inputs_.progress, inputs_.cancelled, journal_.get(),
                                [this] { return spent_here(); }, inputs_.ask_unsure_again});
    refresh_.stopped = golds.stopped;
    for (std::size_t i = 0; i < golds.golds.size(); ++i) {
      const Gold& gold = golds.golds[i];
      if (gold.answer) {
        tasks_.push_back(task_of(candidates[i], gold));
        added_.push_back(tasks_.back());
      } else if (gold.unsure) {
        unsure_.push_back(candidates[i].task_id);
      } else {
        ++refresh_.waiting;
        if (gold.waiting && !refresh_.first_failure) refresh_.first_failure = gold.waiting;
      }
    }
    refresh_.added = static_cast<int>(added_.size());
    refresh_.unsure = static_cast<int>(unsure_.size());
  }

  /** Former tasks whose place no new one has taken. */
  void keep_what_has_place() {
    for (const Task& task : selection_.replaced)
      if (tasks_.size() < inputs_.rule.max_tasks) tasks_.push_back(task);
  }

  /** One that did nothing and cost nothing leaves no line. */
  Result<void> end(const Error* failure) {
    if (!refresh_.changed && refresh_.cost_usd <= 0) return {};
    json::object report{{"at", iso8601(inputs_.clock.now())},
                        {"version", refresh_.changed ? refresh_.benchmark.version : std::string()},
                        {"added", refresh_.added},
                        {"unsure", refresh_.unsure},
                        {"waiting", refresh_.waiting},
                        {"stopped", nullptr}};
    if (refresh_.stopped) report["stopped"] = refresh_.stopped->message;
    if (failure) report["error"] = failure->message;
    return journal_->end(report, refresh_.cost_usd);
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

  BenchmarkFile next_version() {
    const double cost = spent_by_earlier_ + spent_here();
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
  const std::unique_ptr<Journal> journal_;
  std::vector<Prospect> prospects_;
  const Benchmark present_;
  const BenchmarkFile former_;
  const double spent_before_;
  const double spent_by_earlier_;  ///< by refreshes since the last that wrote a version
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
  auto journal = Journal::open(inputs.store.journal_path());
  if (!journal) return journal.error();
  const bool is_first = !newest->has_value();
  Benchmark present = is_first ? Benchmark() : (*newest)->benchmark;
  BenchmarkFile former = former_version(*std::move(newest), inputs.rule);
  auto prospects = mine_prospects(inputs.traces, inputs.rule, former.benchmark.tasks);
  if (!prospects) return prospects.error();
  if (is_first) {
    if (auto ready = check_bootstrap(*prospects); !ready) return ready.error();
    tell_of_first(inputs);
  }
  return Refresher(inputs, *std::move(journal), std::move(former), std::move(present),
                   *std::move(prospects))
      .run();
}

}  // namespace jarvis
