#include "core/session/execute/gate/evaluation_memory.hpp"

namespace jarvis {

Result<std::optional<std::string>> EvaluationMemory::output(const RunKey& key) {
  const std::lock_guard lock(mutex_);
  const auto found = outputs_.find(digest_of(key));
  return found == outputs_.end() ? std::nullopt : std::optional(found->second);
}

Result<void> EvaluationMemory::keep_output(const RunKey& key, const std::string& session_id,
                                           const std::string& output) {
  const std::lock_guard lock(mutex_);
  if (outputs_.emplace(digest_of(key), output).second) ++counts_[session_id].runs;
  return {};
}

Result<std::optional<double>> EvaluationMemory::score(const JudgeKey& key) {
  const std::lock_guard lock(mutex_);
  const auto found = scores_.find(digest_of(key));
  return found == scores_.end() ? std::nullopt : std::optional(found->second);
}

Result<void> EvaluationMemory::keep_score(const JudgeKey& key, const std::string& session_id,
                                          double score) {
  const std::lock_guard lock(mutex_);
  if (scores_.emplace(digest_of(key), score).second) ++counts_[session_id].judgements;
  return {};
}

Result<CallCounts> EvaluationMemory::counts(const std::string& session_id) {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(session_id);
  return found == counts_.end() ? CallCounts() : found->second;
}

}  // namespace jarvis
