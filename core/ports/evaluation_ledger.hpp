#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/task.hpp"

namespace jarvis {

/** What one run of the student is known by. Whatever could change its answer is in it. */
struct RunKey {
  std::string fingerprint;  ///< of the home's files that steer the student
  std::string task_id;
  std::string question;  ///< digest of what the student is asked
  std::string student;   ///< runner and model; see CallParts
  int attempt = 0;       ///< 0 is the first of several runs of the same
};

/** What one judgement is known by. Answers that are the same are judged once. */
struct JudgeKey {
  std::string query;
  std::string gold;
  std::string output;  ///< what the student said
  std::string judge;   ///< model and prompt; see CallParts
  int repetition = 0;  ///< 0 is the one that counts; others show how steady the judge is
};

RunKey run_key(const std::string& fingerprint, const Task& task, const std::string& student,
               int attempt);

/** SHA-256 in hex over all fields. */
std::string digest_of(const RunKey& key);
std::string digest_of(const JudgeKey& key);

/** What is known of a finished run. */
struct KeptAnswer {
  std::string output;
  std::string model;  ///< as its server named it; may be empty
  /** Nothing: the run was made by a version that did not put them down. */
  std::optional<std::int64_t> tokens_used;
  std::optional<double> latency_seconds;
};

/** How many finished calls a session added. */
struct CallCounts {
  std::int64_t runs = 0;
  std::int64_t judgements = 0;
};

/** Every finished call of student and judge, so that none is ever made twice. What failed is never
 * put in. What was kept first stays: the same key kept again changes nothing.
 *
 *  Safe to call from many threads. An error means that the ledger cannot be trusted any longer:
 * whoever goes on would pay for what is there already. */
class EvaluationLedger {
 public:
  virtual ~EvaluationLedger() = default;

  /** The student's answer; nothing: that run was not finished yet. */
  virtual Result<std::optional<KeptAnswer>> answer(const RunKey& key) = 0;
  /** Returns when the answer would be found after the end, however sudden, of this process. */
  virtual Result<void> keep_answer(const RunKey& key, const std::string& session_id,
                                   const KeptAnswer& answer) = 0;
  /** What a task's newest `limit` runs said, newest first, whatever home and student they come
   * from; equal ones as often as they were given. */
  virtual Result<std::vector<std::string>> newest_outputs(const std::string& task_id,
                                                          int limit) = 0;

  /** The judge's score, 0..1; nothing: that answer was not judged yet. */
  virtual Result<std::optional<double>> score(const JudgeKey& key) = 0;
  /** As keep_answer. */
  virtual Result<void> keep_score(const JudgeKey& key, const std::string& session_id,
                                  double score) = 0;

  virtual Result<CallCounts> counts(const std::string& session_id) = 0;
};

}  // namespace jarvis
