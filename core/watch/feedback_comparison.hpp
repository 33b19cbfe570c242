#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/watch/drop_evidence.hpp"

namespace jarvis {

/** What a person thought of one answer. */
struct Rating {
  std::string agent;
  std::string query_class;
  double score = 0;  ///< 0..1
};

/** How likely a fall is named, at most, where there is none. */
inline constexpr double kFalseAlarm = 0.05;
/** Before so many ratings after a change nothing is said of it. */
inline constexpr std::size_t kLeastRatings = 20;

/** Feedback after a change beside that from before it. */
struct FeedbackComparison {
  std::int64_t rated_before = 0;  ///< ratings that there are
  std::int64_t rated_after = 0;
  std::int64_t traces = 0;   ///< from after the change, that found their like from before it
  double before = 0;         ///< mean of the ratings from before that these were compared with
  double after = 0;          ///< their own mean
  double log_evidence = 0;   ///< natural logarithm of the e-value for a fall
  bool is_credible = false;  ///< the feedback fell
};

/** Compares each rating after a change with up to four ratings from before it of the same agent and
 * query class that no other was compared with; so that other questions than before are no worse
 * feedback. Where these are used up, and where there are none, a rating after the change is left
 * out.
 *
 * Of the changes without effect kFalseAlarm at most are ever taken for a fall, whenever and however
 * often one looks: see DropEvidence. That holds while the ratings of an agent and class scatter
 * around one mean as long as nothing changes. */
class RunningComparison {
 public:
  /** `before`: newest first. */
  explicit RunningComparison(const std::vector<Rating>& before);

  /** The next rating after the change. */
  void add(const Rating& after);
  FeedbackComparison so_far() const;

 private:
  /** Ratings from before of one agent and class; each is given out once. */
  struct Supply {
    std::vector<double> scores;
    std::size_t used = 0;
  };

  std::map<std::tuple<std::string, std::string>, Supply> supplies_;
  DropEvidence evidence_;
  FeedbackComparison sums_;  ///< in which the means are sums
};

/** `before` newest first, `after` oldest first. */
FeedbackComparison compare_feedback(const std::vector<Rating>& before,
                                    const std::vector<Rating>& after);

/** "feedback fell from 0.81 to 0.52 on 40 traces". */
std::string fall_text(const FeedbackComparison& comparison);

}  // namespace jarvis
