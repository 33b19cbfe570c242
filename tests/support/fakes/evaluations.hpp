#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/evaluation_ledger.hpp"

namespace jarvis::testing {

/** A ledger that lasts as long as this object. It cannot be read, or not be written, when it is
 * told so. */
class EvaluationMemory : public EvaluationLedger {
 public:
  bool reads = true;
  bool writes = true;

  Result<std::optional<KeptAnswer>> answer(const RunKey& key) override {
    if (!reads) return Error{ErrorKind::invalid, "the ledger is damaged", "move it away"};
    return found_in(answers_, digest_of(key));
  }
  Result<void> keep_answer(const RunKey& key, const std::string& session_id,
                           const KeptAnswer& answer) override {
    if (!writes) return Error{ErrorKind::io, "the disk is full", ""};
    const std::lock_guard lock(mutex_);
    if (!answers_.emplace(digest_of(key), answer).second) return {};
    ++counts_[session_id].runs;
    outputs_.push_back({key.task_id, answer.output});
    return {};
  }
  Result<std::vector<std::string>> newest_outputs(const std::string& task_id, int limit) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> newest;
    for (auto row = outputs_.rbegin(); row != outputs_.rend(); ++row)
      if (row->first == task_id && static_cast<int>(newest.size()) < limit)
        newest.push_back(row->second);
    return newest;
  }
  Result<std::optional<double>> score(const JudgeKey& key) override {
    return found_in(scores_, digest_of(key));
  }
  Result<void> keep_score(const JudgeKey& key, const std::string& session_id,
                          double score) override {
    if (!writes) return Error{ErrorKind::io, "the disk is full", ""};
    const std::lock_guard lock(mutex_);
    if (scores_.emplace(digest_of(key), score).second) ++counts_[session_id].judgements;
    return {};
  }
  Result<CallCounts> counts(const std::string& session_id) override {
    const std::lock_guard lock(mutex_);
    return counts_[session_id];
  }

 private:
  template <class Value>
  std::optional<Value> found_in(const std::map<std::string, Value>& values,
                                const std::string& digest) {
    const std::lock_guard lock(mutex_);
    const auto found = values.find(digest);
    return found == values.end() ? std::nullopt : std::optional<Value>(found->second);
  }

  std::mutex mutex_;
  std::map<std::string, KeptAnswer> answers_;                 // by digest
  std::vector<std::pair<std::string, std::string>> outputs_;  // by task, oldest first
  std::map<std::string, double> scores_;
  std::map<std::string, CallCounts> counts_;  // by session
};

}  // namespace jarvis::testing
