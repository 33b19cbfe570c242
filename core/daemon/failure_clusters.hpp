#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jarvis {

/** A question whose answer was rated badly. */
struct Failure {
  std::string trace_id;
  std::string query;  ///< its beginning will do
  double started_at = 0;
};

/** Failures that are about one thing. */
struct FailureCluster {
  std::string description;  ///< "math: kettle, boil"
  std::string query_class;
  std::vector<std::string> trace_ids;  ///< newest first
};

/** The words that say what a text is about, in lower case, sorted, each once: no common words, no
 * numbers, nothing under three letters. Chinese, Japanese and Korean count in pairs of characters.
 */
std::vector<std::string> content_words(std::string_view text);

/** The failures in groups: within a query class, each is linked with those that share three tenths
 * or more of all content words that either has (Jaccard), and with those that ask exactly the same;
 * what is linked by way of others is one group too. Largest first, of equals the one with the
 * newest failure. Groups of one are left out. */
std::vector<FailureCluster> group_failures(std::vector<Failure> failures);

}  // namespace jarvis
