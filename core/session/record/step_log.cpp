#include "core/session/record/step_log.hpp"

#include "core/base/figures.hpp"

namespace jarvis {

namespace {

constexpr char kFile[] = "steps.jsonl";
constexpr double kSecondsBetweenCounts = 1;

/** "edit e1: applied, +3.2 points (90 %: +1.0 to +5.4)". */
std::string line_of(const EditOutcome& outcome) {
  std::string line = "edit " + outcome.edit.id + ": " + std::string(to_string(outcome.status));
  if (!outcome.verdict || !outcome.verdict->benchmark_delta) return line;
  line += ", " + points(*outcome.verdict->benchmark_delta) + " points";
  if (const auto& interval = outcome.verdict->interval)
    line += " (90 %: " + points((*interval)[0]) + " to " + points((*interval)[1]) + ")";
  return line;
}

}  // namespace

StepLog::StepLog(SessionFiles& files, Progress& listener, const Clock& clock, const Purse& purse)
    : files_(files), listener_(listener), clock_(clock), purse_(purse) {}

Result<void> StepLog::begin(const std::string& step, json::object details) {
  money(purse_.spent_usd(), purse_.cap_usd());
  return write(step, "begin", std::move(details));
}

Result<void> StepLog::end(const std::string& step, json::object details) {
  money(purse_.spent_usd(), purse_.cap_usd());
  return write(step, "end", std::move(details));
}

void StepLog::step(const std::string& line) {
  listener_.step(line);
  money(purse_.spent_usd(), purse_.cap_usd());
  (void)write("note", "progress", {{"text", line}});
}

void StepLog::count(const WorkCount& work) {
  money(purse_.spent_usd(), purse_.cap_usd());
  listener_.count(work);
  if (!is_time_for_a_count()) return;
  json::object details{{"what", work.what}, {"done", work.done}, {"total", work.total}};
  if (work.delta) details["delta"] = *work.delta;
  if (work.interval) details["interval"] = json::array{(*work.interval)[0], (*work.interval)[1]};
  (void)write("gate", "progress", std::move(details));
}

void StepLog::money(double spent_usd, double cap_usd) {
  listener_.money(spent_usd, cap_usd);
}

Result<void> StepLog::write(const std::string& step, const std::string& state,
                            json::object details) {
  json::object line{{"at", iso8601(clock_.now())},
                    {"step", step},
                    {"state", state},
                    {"spent_usd", purse_.spent_usd()},
                    {"cap_usd", purse_.cap_usd()}};
  for (auto& [key, value] : details) line[key] = std::move(value);
  return files_.append(kFile, line);
}

bool StepLog::is_time_for_a_count() {
  const std::lock_guard lock(mutex_);
  const double now = clock_.now();
  // A clock that was set back must not silence it.
  if (now >= last_count_ && now < last_count_ + kSecondsBetweenCounts) return false;
  last_count_ = now;
  return true;
}

Result<void> record_end(StepLog& steps, const EditOutcome& outcome) {
  const std::string& id = outcome.edit.id;
  steps.step(line_of(outcome));
  if (outcome.status == EditStatus::applied)
    if (auto ended = steps.end("apply", {{"edit_id", id}, {"commit", outcome.commit}}); !ended)
      return ended;
  json::object details{{"edit_id", id}, {"status", json::value(to_string(outcome.status))}};
  if (outcome.verdict) {
    details["verdict"] = json::value(to_string(outcome.verdict->decision));
    if (const auto& delta = outcome.verdict->benchmark_delta) details["delta"] = *delta;
  }
  if (!outcome.error.empty()) details["error"] = outcome.error;
  return steps.end("edit", std::move(details));
}

}  // namespace jarvis
