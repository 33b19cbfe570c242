#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "core/model/json.hpp"
#include "core/model/result.hpp"
#include "core/model/session.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/progress.hpp"
#include "core/ports/purse.hpp"
#include "core/ports/session_files.hpp"

namespace jarvis {

/** A session's steps.jsonl: what was meant to be done and what came of it, each a line that is on
 * the disk before the work goes on. Whoever watches the session reads it while it grows. What is
 * told as progress goes in as well, and on to `listener`. All parts are borrowed. Safe to call from
 * many threads. */
class StepLog : public Progress {
 public:
  StepLog(SessionFiles& files, Progress& listener, const Clock& clock, const Purse& purse);

  /** Before a step: "diagnose", "plan", "execute", "edit" or "apply". */
  Result<void> begin(const std::string& step, json::object details = {});
  Result<void> end(const std::string& step, json::object details = {});

  // Progress. A line that cannot be written here ends nothing: the next step says so.
  void step(const std::string& line) override;
  void count(const WorkCount& work) override;
  void money(double spent_usd, double cap_usd) override;

 private:
  Result<void> write(const std::string& step, const std::string& state, json::object details);
  /** True once a second. */
  bool is_time_for_a_count();

  SessionFiles& files_;
  Progress& listener_;
  const Clock& clock_;
  const Purse& purse_;
  std::mutex mutex_;
  double last_count_ = 0;
};

/** The end of an edit's steps: that it was put in place, where it was, and what it came to. */
Result<void> record_end(StepLog& steps, const EditOutcome& outcome);

}  // namespace jarvis
