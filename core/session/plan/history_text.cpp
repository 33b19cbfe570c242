#include "core/session/plan/history_text.hpp"

#include <algorithm>

#include "core/base/json_text.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kMostTold = 30;
constexpr std::size_t kPayloadLength = 400;
constexpr std::size_t kReasonLength = 300;

std::string reason_of(const EditOutcome& outcome) {
  if (!outcome.harm.empty() && outcome.status == EditStatus::applied)
    return "is applied, and harms: " + outcome.harm;
  if (!outcome.harm.empty()) return "was applied and taken back: " + outcome.harm;
  return outcome.reject_reason.empty() ? outcome.error : outcome.reject_reason;
}

json::object told(const PastTrial& trial) {
  const EditOutcome& outcome = trial.outcome;
  json::object object{{"op", outcome.edit.op},
                      {"target", outcome.edit.target},
                      {"payload", shortened(json::serialize(outcome.edit.payload), kPayloadLength)},
                      {"status", to_string(outcome.status)}};
  if (outcome.verdict && outcome.verdict->benchmark_delta)
    object["benchmark_delta"] = *outcome.verdict->benchmark_delta;
  const std::string reason = reason_of(outcome);
  if (!reason.empty()) object["reason"] = shortened(reason, kReasonLength);
  return object;
}

}  // namespace

std::string history_text(const std::vector<PastTrial>& past) {
  std::string text;
  for (std::size_t i = 0; i < std::min(past.size(), kMostTold); ++i)
    text += json::serialize(told(past[i])) + "\n";
  if (text.empty()) return text;
  return "\nEdits of earlier sessions on this student, newest first. Learn from them: an edit that "
         "was rejected is not tried again while the files are as they were, and one after which "
         "feedback fell is never tried again.\n" +
         text;
}

}  // namespace jarvis
