#include "core/watch/watched_edits.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/model/query_class.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/feedback_stats.hpp"

namespace jarvis {

namespace {

constexpr std::int64_t kMostCompared = 1000;  ///< ratings of a window
constexpr std::int64_t kMostRead = 4000;      ///< where ratings of the judge are among them

/** The student became another one. */
struct Change {
  double at = 0;
  WatchedEdit edit;
  const EditOutcome* applied = nullptr;  ///< nullptr: it is not applied any more, or was taken back
  bool told = false;

  bool is_unnamed() const { return applied && applied->harm.empty(); }
  bool was_named_with(const Change& other) const {
    return applied && other.applied && !applied->harm.empty() &&
           applied->harm == other.applied->harm;
  }
};

bool is_told(const Session& session, const EditOutcome& outcome) {
  const auto holds = [](const std::string& notice, const std::string& part) {
    return notice.find(part) != std::string::npos;
  };
  return std::any_of(session.notices.begin(), session.notices.end(), [&](const auto& notice) {
    return holds(notice, outcome.harm) && holds(notice, outcome.edit.id);
  });
}

/** Oldest first. */
std::vector<Change> changes_of(const std::vector<Session>& sessions,
                               const std::map<std::string, double>& reverted_at) {
  std::vector<Change> changes;
  for (const Session& session : sessions)
    for (const EditOutcome& outcome : session.outcomes) {
      const WatchedEdit edit{session.id, outcome.edit.id};
      const bool is_applied = outcome.status == EditStatus::applied && !outcome.commit.empty();
      if (const double at = time_of_iso8601(outcome.applied_at); at > 0)
        changes.push_back({at, edit, is_applied ? &outcome : nullptr, is_told(session, outcome)});
      if (const auto found = reverted_at.find(outcome.revert_commit); found != reverted_at.end())
        changes.push_back({found->second, edit, nullptr, false});
    }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& one, const Change& other) { return one.at < other.at; });
  return changes;
}

/** The traces that an edit can have an effect on; an empty text: all. */
struct Reach {
  explicit Reach(const Edit& edit)
      : agent(sdk::optional_string(edit.payload, "agent")),
        query_class(sdk::optional_string(edit.payload, "query_class")) {}

  bool holds(const Rating& rating) const {
    return (agent.empty() || agent == rating.agent) &&
           (query_class.empty() || query_class == rating.query_class);
  }

  std::string agent;
  std::string query_class;
};

/** From `since` until `until`. */
struct Window {
  std::optional<double> since;
  double until = 0;
};

class Watch {
 public:
  Watch(std::vector<Change> changes, const TraceReader& traces, double now)
      : changes_(std::move(changes)), traces_(traces), now_(now) {}

  Result<std::vector<WatchFinding>> run() {
    std::vector<WatchFinding> findings;
    bool newest = true;
    for (std::size_t end = changes_.size(); end > 0;) {
      const Change& last = changes_[end - 1];
      if (!last.applied || (last.is_unnamed() && !newest)) {
        --end;
        continue;
      }
      const auto begin = last.is_unnamed() ? beginning_of_unnamed(end) : beginning_of_named(end);
      if (!begin) return begin.error();
      const auto finding = judge(*begin, end);
      if (!finding) return finding.error();
      findings.push_back(*finding);
      if (last.is_unnamed()) newest = false;
      end = *begin;
    }
    return findings;
  }

 private:
  /** Where the edits begin that are judged together with the one before `end`. */
  Result<std::size_t> beginning_of_unnamed(std::size_t end) {
    std::size_t begin = end - 1;
    for (; begin > 0 && changes_[begin - 1].is_unnamed(); --begin) {
      const auto between = ratings(before(begin), false);
      if (!between) return between.error();
      if (between->size() >= kLeastRatings) break;
    }
    return begin;
  }

  Result<std::size_t> beginning_of_named(std::size_t end) const {
    std::size_t begin = end - 1;
    while (begin > 0 && changes_[begin - 1].was_named_with(changes_[begin])) --begin;
    return begin;
  }

  Window before(std::size_t change) const {
    return {change > 0 ? std::optional(changes_[change - 1].at) : std::nullopt,
            changes_[change].at};
  }

  Result<WatchFinding> judge(std::size_t begin, std::size_t end) const {
    WatchFinding finding;
    std::vector<Reach> reaches;
    for (std::size_t i = end; i-- > begin;) {
      finding.edits.push_back(changes_[i].edit);
      reaches.emplace_back(changes_[i].applied->edit);
    }
    finding.harm = changes_[begin].applied->harm;
    finding.told =
        !finding.harm.empty() && std::all_of(changes_.begin() + static_cast<std::ptrdiff_t>(begin),
                                             changes_.begin() + static_cast<std::ptrdiff_t>(end),
                                             [](const Change& change) { return change.told; });
    const double last = changes_[end - 1].at;
    if (last > now_) return finding;
    const double next = end < changes_.size() ? changes_[end].at : now_;
    auto former = ratings(before(begin), false);
    if (!former) return former.error();
    auto since = ratings({last, std::min(next, now_)}, true);
    if (!since) return since.error();
    for (auto* some : {&*former, &*since}) keep_reached(*some, reaches);
    finding.feedback = compare_feedback(*former, *since);
    return finding;
  }

  static void keep_reached(std::vector<Rating>& ratings, const std::vector<Reach>& reaches) {
    std::erase_if(ratings, [&](const Rating& rating) {
      return std::none_of(reaches.begin(), reaches.end(),
                          [&](const Reach& reach) { return reach.holds(rating); });
    });
  }

  /** A person's ratings of what began then, kMostCompared at most. */
  Result<std::vector<Rating>> ratings(const Window& window, bool oldest_first) const {
    TraceFilter filter;
    filter.since = window.since;
    filter.until = window.until;
    filter.oldest_first = oldest_first;
    filter.limit = kMostCompared;
    auto rated = traces_.ratings(filter);
    if (!rated) return rated.error();
    auto found = of_persons(*rated);
    const bool all_read = static_cast<std::int64_t>(rated->size()) < filter.limit;
    if (all_read || static_cast<std::int64_t>(found.size()) == filter.limit) return found;
    filter.limit = kMostRead;
    rated = traces_.ratings(filter);
    if (!rated) return rated.error();
    return of_persons(*rated);
  }

  static std::vector<Rating> of_persons(const std::vector<Trace>& rated) {
    std::vector<Rating> found;
    for (const Trace& trace : rated) {
      const double score = trace.feedback.value_or(-1);
      if (!(score >= 0 && score <= 1) || is_rated_by_judge(trace)) continue;
      if (static_cast<std::int64_t>(found.size()) == kMostCompared) break;
      found.push_back({trace.agent, std::string(classify(trace.query)), score});
    }
    return found;
  }

  const std::vector<Change> changes_;
  const TraceReader& traces_;
  const double now_;
};

}  // namespace

std::vector<std::string> revert_commits(const std::vector<Session>& sessions) {
  std::vector<std::string> commits;
  for (const Session& session : sessions)
    for (const EditOutcome& outcome : session.outcomes)
      if (!outcome.revert_commit.empty()) commits.push_back(outcome.revert_commit);
  return commits;
}

Result<std::vector<WatchFinding>> watch_edits(const std::vector<Session>& sessions,
                                              const std::map<std::string, double>& reverted_at,
                                              const TraceReader& traces, double now) {
  return Watch(changes_of(sessions, reverted_at), traces, now).run();
}

}  // namespace jarvis
