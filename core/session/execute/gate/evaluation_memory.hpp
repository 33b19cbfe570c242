#pragma once

#include <map>
#include <mutex>
#include <string>

#include "core/ports/evaluation_ledger.hpp"

namespace jarvis {

/** A ledger that lasts as long as this object. */
class EvaluationMemory : public EvaluationLedger {
 public:
  Result<std::optional<std::string>> output(const RunKey& key) override;
  Result<void> keep_output(const RunKey& key, const std::string& session_id,
                           const std::string& output) override;
  Result<std::optional<double>> score(const JudgeKey& key) override;
  Result<void> keep_score(const JudgeKey& key, const std::string& session_id,
                          double score) override;
  Result<CallCounts> counts(const std::string& session_id) override;

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> outputs_;  // by digest
  std::map<std::string, double> scores_;
  std::map<std::string, CallCounts> counts_;  // by session
};

}  // namespace jarvis
