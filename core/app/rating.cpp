#include "core/app/rating.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

#include "core/base/parallel.hpp"

namespace jarvis {

namespace {

struct Candidate {
  double started_at = 0;
  std::string id;
};

/** The ids alone: answers may be larger than memory. */
Result<std::vector<Candidate>> unrated(const TraceReader& traces, const Evaluating& wanted) {
  std::vector<Candidate> found;
  const auto newer = [](const Candidate& one, const Candidate& other) {
    return one.started_at > other.started_at;
  };
  TraceFilter all;
  all.limit = -1;
  const auto scanned = traces.scan(all, [&](const Trace& trace) {
    if (trace.feedback || trace.started_at < wanted.since || trace.query.empty() ||
        trace.result.empty())
      return true;
    found.push_back({trace.started_at, trace.id});
    return true;
  });
  if (!scanned) return scanned.error();
  std::sort(found.begin(), found.end(), newer);
  if (found.size() > wanted.most) found.resize(wanted.most);
  return found;
}

/** One evaluation's state, shared by its workers. */
class Rating {
 public:
  explicit Rating(const RatingParts& parts) : parts_(parts) {}

  Result<Evaluated> run(const std::vector<Candidate>& candidates) {
    parallel_for(candidates.size(), static_cast<std::size_t>(std::max(parts_.concurrency, 1)),
                 [&](std::size_t index) { rate(candidates[index].id); });
    if (failed_) return *failed_;
    evaluated_.left = left_;
    return evaluated_;
  }

 private:
  void rate(const std::string& id) {
    if (stopped_ || (parts_.cancelled && parts_.cancelled())) {
      if (!stopped_) stop("stopped");
      ++left_;
      return;
    }
    const auto trace = parts_.traces.find(id);
    if (!trace) return fail(trace.error());
    const auto judgement = parts_.judge.score(trace->query, "", trace->result);
    if (!judgement) {
      ++left_;
      return stop(judgement.error().message);
    }
    const bool readable = judgement->score && *judgement->score >= 0 && *judgement->score <= 1;
    const auto kept = readable ? parts_.keep(id, *judgement->score) : Result<bool>(false);
    if (!kept) return fail(kept.error());
    const std::lock_guard lock(mutex_);
    if (!readable) ++evaluated_.unreadable;
    if (*kept) ++evaluated_.rated;
  }

  void stop(const std::string& reason) {
    const std::lock_guard lock(mutex_);
    if (evaluated_.stopped_by.empty()) evaluated_.stopped_by = reason;
    stopped_ = true;
  }

  void fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!failed_) failed_ = error;
    stopped_ = true;
  }

  const RatingParts& parts_;
  std::mutex mutex_;
  Evaluated evaluated_;
  std::optional<Error> failed_;
  std::atomic<bool> stopped_{false};
  std::atomic<std::size_t> left_{0};
};

}  // namespace

Result<Evaluated> rate_unrated(const RatingParts& parts, const Evaluating& wanted) {
  const auto candidates = unrated(parts.traces, wanted);
  if (!candidates) return candidates.error();
  return Rating(parts).run(*candidates);
}

}  // namespace jarvis
