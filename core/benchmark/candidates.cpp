#include "core/benchmark/candidates.hpp"

#include <algorithm>
#include <cctype>
#include <future>
#include <memory_resource>
#include <optional>
#include <thread>
#include <utility>

#include "core/base/digest.hpp"
#include "core/base/parallel.hpp"
#include "core/benchmark/near_duplicate_filter.hpp"
#include "core/model/json.hpp"
#include "core/model/query_class.hpp"

namespace jarvis {

namespace {

bool is_managed_agent(const std::string& agent) {
  return agent.size() == 12 && std::all_of(agent.begin(), agent.end(), [](unsigned char c) {
           return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f');
         });
}

bool is_excluded(const Trace& trace, const MiningRule& rule) {
  return is_managed_agent(trace.agent) ||
         std::find(rule.exclude_agents.begin(), rule.exclude_agents.end(), trace.agent) !=
             rule.exclude_agents.end();
}

/** Whether it survives a way through JSON: bytes that are not UTF-8 do not. */
bool is_text(const std::string& text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  if (all < 0x80) return true;
  boost::system::error_code error;
  json::parse(json::serialize(json::value(text)), error);
  return !error;
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\n\v\f\r") == std::string::npos;
}

/** Nothing for a trace that cannot become a task. */
std::optional<Stratum> stratum_of(const Trace& trace, const MiningRule& rule) {
  if (!trace.feedback || trace.id.empty() || is_excluded(trace, rule)) return std::nullopt;
  if (is_blank(trace.query) || !is_text(trace.query) || !is_text(trace.agent)) return std::nullopt;
  if (*trace.feedback >= rule.liked_at_least)
    return is_blank(trace.result) || !is_text(trace.result) ? std::nullopt
                                                            : std::optional(Stratum::retain);
  if (*trace.feedback <= rule.failed_at_most && rule.include_failures) return Stratum::repair;
  return std::nullopt;
}

/** A trace that may become a task, as long as not all are known. The id lies in the mine's memory.
 */
struct Found {
  std::uint64_t question;
  double feedback, started_at;
  std::string_view trace_id, query_class;
  Stratum stratum;
  Sketch sketch;
};

bool is_better(const Found& one, const Found& other) {
  if (one.feedback != other.feedback) return one.feedback > other.feedback;
  if (one.started_at != other.started_at) return one.started_at > other.started_at;
  return one.trace_id < other.trace_id;
}

/** Traces on their way from the store. */
struct Batch {
  struct Item {
    std::string id, query;
    double feedback, started_at;
    Stratum stratum;
  };

  std::vector<Item> items;
  std::size_t bytes = 0;

  void add(const Trace& trace, Stratum stratum) {
    items.push_back({trace.id, trace.query, *trace.feedback, trace.started_at, stratum});
    bytes += trace.query.size();
  }
  bool is_full() const { return items.size() >= 4096 || bytes >= (std::size_t{4} << 20); }
};

class Mine {
 public:
  Mine(const TraceReader& traces, const MiningRule& rule) : traces_(traces), rule_(rule) {}

  // What is read is worked on while more is read.
  Result<void> scan() {
    TraceFilter rated;
    rated.rated_only = true;
    Batch batch;
    std::future<void> worker;
    const auto hand_over = [&] {
      if (worker.valid()) worker.get();
      worker = std::async(std::launch::async,
                          [this, full = std::exchange(batch, {})] { work_on(full); });
    };
    const auto scanned = traces_.scan(rated, [&](const Trace& trace) {
      if (const auto stratum = stratum_of(trace, rule_)) batch.add(trace, *stratum);
      if (batch.is_full()) hand_over();
      return true;
    });
    hand_over();
    worker.get();
    return scanned;
  }

  /** Of equal questions the best alone, best rated first. */
  void keep_best() {
    std::sort(found_.begin(), found_.end(), [](const Found& one, const Found& other) {
      return one.question != other.question ? one.question < other.question : is_better(one, other);
    });
    const auto is_same = [](const Found& one, const Found& other) {
      return one.question == other.question;
    };
    found_.erase(std::unique(found_.begin(), found_.end(), is_same), found_.end());
    std::sort(found_.begin(), found_.end(), is_better);
  }

  std::vector<Prospect> prospects(const std::vector<Task>& former) {
    std::vector<Sketch> sketches;
    sketches.reserve(former.size() + found_.size());
    for (const Task& task : former) {
      sketches.push_back(sketch_of(print_of(task.query).shingles, memory_));
      sketches.back().stays = true;
    }
    for (const Found& found : found_) sketches.push_back(found.sketch);
    const auto load = [&](std::size_t number) {
      if (number < former.size()) return print_of(former[number].query).shingles;
      const auto trace = traces_.find(std::string(found_[number - former.size()].trace_id));
      return trace ? print_of(trace->query).shingles : Shingles();
    };
    const std::vector<std::size_t> staying = without_near_duplicates(sketches, load);
    std::vector<Prospect> prospects;
    prospects.reserve(staying.size() - former.size());
    for (const std::size_t number : staying) {
      if (number < former.size()) continue;
      const Found& found = found_[number - former.size()];
      prospects.push_back({std::string(found.trace_id), found.query_class, found.stratum,
                           found.feedback, found.question, false});
    }
    return prospects;
  }

 private:
  /** What takes most of the time, and needs nothing of the mine. */
  struct Known {
    QuestionPrint print;
    std::string_view query_class;
  };

  static std::vector<Known> known_of(const std::vector<Batch::Item>& items) {
    std::vector<Known> known(items.size());
    const std::size_t workers = std::max(std::thread::hardware_concurrency(), 1u);
    const std::size_t share = (items.size() + workers - 1) / workers;
    parallel_for(workers, workers, [&](std::size_t worker) {
      const std::size_t end = std::min(items.size(), (worker + 1) * share);
      for (std::size_t i = worker * share; i < end; ++i)
        known[i] = {print_of(items[i].query), classify(items[i].query)};
    });
    return known;
  }

  void work_on(const Batch& batch) {
    const std::vector<Known> known = known_of(batch.items);
    for (std::size_t i = 0; i < batch.items.size(); ++i) {
      const Batch::Item& item = batch.items[i];
      char* id = std::pmr::polymorphic_allocator<>(&memory_).allocate_object<char>(item.id.size());
      std::copy(item.id.begin(), item.id.end(), id);
      found_.push_back({known[i].print.question,
                        item.feedback,
                        item.started_at,
                        {id, item.id.size()},
                        known[i].query_class,
                        item.stratum,
                        sketch_of(known[i].print.shingles, memory_)});
    }
  }

  const TraceReader& traces_;
  const MiningRule& rule_;
  std::pmr::monotonic_buffer_resource memory_;
  std::vector<Found> found_;
};

}  // namespace

std::string task_id_of(std::string_view query) {
  return "task-" + sha256(normalised_query(query)).substr(0, 12);
}

Result<std::vector<Prospect>> mine_prospects(const TraceReader& traces, const MiningRule& rule,
                                             const std::vector<Task>& former) {
  Mine mine(traces, rule);
  if (auto scanned = mine.scan(); !scanned) return scanned.error();
  mine.keep_best();
  return mine.prospects(former);
}

Result<std::vector<Candidate>> load_candidates(const TraceReader& traces, const MiningRule& rule,
                                               const std::vector<Prospect>& chosen,
                                               const std::vector<Task>& former) {
  QuestionSet questions;
  for (const Task& task : former) questions.add(task.query);
  std::vector<Candidate> candidates;
  for (const Prospect& prospect : chosen) {
    auto trace = traces.find(prospect.trace_id);
    if (!trace && trace.error().kind == ErrorKind::not_found) continue;
    if (!trace) return trace.error();
    if (stratum_of(*trace, rule) != prospect.stratum) continue;
    if (questions.has_near_duplicate_of(trace->query)) continue;
    questions.add(trace->query);
    candidates.push_back({task_id_of(trace->query), std::string(prospect.query_class),
                          prospect.stratum, std::move(*trace)});
  }
  return candidates;
}

}  // namespace jarvis
