#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/benchmark/candidates.hpp"
#include "core/model/json.hpp"

namespace jarvis {

/** What came of one candidate. Without an answer it waits, and `waiting` says why. */
struct Gold {
  std::optional<std::string> answer;
  std::string source;  ///< "teacher" or "user"
  std::optional<Error> waiting;
  bool unsure = false;  ///< two teacher answers did not agree
  bool asked = false;   ///< false: known from before, or the work stopped before it
};

Gold unsure_gold();

/** Who makes gold answers. */
struct GoldMakers {
  std::string teacher_model;
  std::string judge_model;
  std::string prompt_sha256;
  bool operator==(const GoldMakers&) const = default;
};

/** What a gold answer was made from: with something else it may come out otherwise. */
struct GoldBasis {
  std::string task_id;
  std::string trace_id;
  std::string rating;  ///< its feedback, as text: numbers change on their way through JSON
  Stratum stratum = Stratum::retain;
  std::string liked_sha256;  ///< of the answer that the user liked; empty for a failed one
  GoldMakers makers;
  bool operator==(const GoldBasis&) const = default;
};

GoldBasis basis_of(const Candidate& candidate, const GoldMakers& makers);

/** What refreshes have paid for, line by line as it comes (`learning/benchmarks/golds.jsonl`,
 * 0600): whatever ends a refresh, the next goes on from there. Lines that cannot be read are passed
 * over: what they held is paid again. Not for two processes at once: the home's lock sees to that.
 * Safe to use from many threads. */
class Journal {
 public:
  /** A file that is not there is an empty journal. An error when there is something else in its
   * place. */
  static Result<std::unique_ptr<Journal>> open(std::filesystem::path file);

  /** The gold answer that was made from this, or that it is unsure. A sure answer holds for another
   * trace of the question and another rating of the same kind, an unsure one does not. */
  std::optional<Gold> settled(const GoldBasis& basis) const;
  /** The teacher's answer to this with this number (0 or 1), as long as nothing came of it. */
  std::optional<std::string> draft(const GoldBasis& basis, std::size_t number) const;
  /** Whether the gold answer to the question of this trace is known to be unsure. */
  bool is_unsure(const std::string& trace_id, double feedback, const GoldMakers& makers) const;

  /** A refresh begins: what is added from now on belongs to it. */
  void begin(const std::string& refresh);
  /** Each is durable when it returns; `spent_usd` is what this refresh has spent up to now. */
  Result<void> add_draft(const GoldBasis& basis, std::size_t number, const std::string& answer,
                         double spent_usd);
  Result<void> settle(const GoldBasis& basis, const Gold& gold, double spent_usd);
  /** How the refresh ended; `report` names its version where it wrote one. */
  Result<void> end(const json::object& report, double spent_usd);

  /** What refreshes have spent since the last that wrote a version: also those that were killed. */
  double spent_since_version_usd() const;

  /** Traces that the user has pointed at. Their tasks are practice tasks for good. */
  std::set<std::string> flagged() const;
  Result<void> flag(const std::vector<std::string>& trace_ids);

 private:
  struct Entry {
    std::optional<GoldBasis> basis;  ///< of what is settled
    Gold gold;
    std::optional<GoldBasis> draft_basis;
    std::map<std::size_t, std::string> drafts;
  };

  explicit Journal(std::filesystem::path file) : file_(std::move(file)) {}

  void read(const std::string& line);
  void apply(const json::object& line);
  Result<void> append(json::object line, double spent_usd);
  Result<void> write(const json::object& line) const;
  const Entry* entry_of(const std::string& task_id) const;

  std::filesystem::path file_;
  mutable std::mutex mutex_;
  std::string refresh_;
  std::map<std::string, Entry> entries_;               ///< by task id
  std::map<std::string, std::string> unsure_traces_;   ///< trace id to task id
  std::map<std::string, double> spent_since_version_;  ///< by refresh
  std::set<std::string> flagged_;
};

}  // namespace jarvis
