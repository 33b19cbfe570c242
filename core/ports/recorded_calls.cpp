#include "core/ports/recorded_calls.hpp"

#include <set>

namespace jarvis {

std::string missing_run_reason(const Error& error) {
  const bool says_how = error.kind == ErrorKind::refused && !error.hint.empty();
  return error.message + (says_how ? " (" + error.hint + ")" : "");
}

RecordedCalls::RecordedCalls(CallParts parts, Turns& turns)
    : parts_(std::move(parts)), turns_(turns) {}

std::optional<Error> RecordedCalls::ledger_error() const {
  const std::lock_guard lock(mutex_);
  return ledger_error_;
}

Error RecordedCalls::lost(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (!ledger_error_) ledger_error_ = error;
  return *ledger_error_;
}

Result<void> RecordedCalls::may_call() const {
  if (const auto error = ledger_error()) return *error;
  if (parts_.cancelled && parts_.cancelled())
    return Error{ErrorKind::cancelled, "the evaluation was cancelled", ""};
  return {};
}

RunKey RecordedCalls::key_of(const RunRequest& run, const Task& task) const {
  std::string student = parts_.student_identity;
  const std::set<std::string> allowed(parts_.allowed_tools.begin(), parts_.allowed_tools.end());
  for (const std::string& tool : allowed) student += " may " + tool;
  return run_key(run.fingerprint, task, student, run.attempt);
}

Result<KeptAnswer> RecordedCalls::answer(const RunRequest& run, const Task& task) {
  const RunKey key = key_of(run, task);
  const Turns::Turn turn(turns_, digest_of(key));
  auto known = parts_.ledger.answer(key);
  if (!known) return lost(known.error());
  if (*known) return **std::move(known);
  if (!run.home) return Error{ErrorKind::not_found, "not measured", ""};
  auto answer = ask_student(run, task);
  if (!answer) return answer;
  if (auto kept = parts_.ledger.keep_answer(key, parts_.session_id, *answer); !kept)
    return lost(kept.error());
  return answer;
}

Result<KeptAnswer> RecordedCalls::ask_student(const RunRequest& run, const Task& task) {
  if (auto may = may_call(); !may) return may.error();
  ++student_calls_;
  auto answer = parts_.student.answer(
      *run.home, {task.query, task.query_class, task.agent, "", parts_.allowed_tools});
  if (!answer) return answer.error();
  sdk::StudentResult& result = answer->result;
  return KeptAnswer{std::move(result.output), std::move(result.model),
                    result.usage.input_tokens + result.usage.output_tokens,
                    answer->latency_seconds};
}

Result<double> RecordedCalls::score(const std::string& query, const std::string& gold,
                                    const std::string& output, int repetition) {
  const JudgeKey key{query, gold, output,
                     parts_.judge_identity.empty() ? parts_.judge.model() : parts_.judge_identity,
                     repetition};
  const Turns::Turn turn(turns_, digest_of(key));
  const auto known = parts_.ledger.score(key);
  if (!known) return lost(known.error());
  if (*known) return **known;
  const auto score = ask_judge(key);
  if (!score) return score;
  if (auto kept = parts_.ledger.keep_score(key, parts_.session_id, *score); !kept)
    return lost(kept.error());
  return score;
}

Result<double> RecordedCalls::ask_judge(const JudgeKey& key) {
  if (auto may = may_call(); !may) return may.error();
  ++judge_calls_;
  const auto judgement = parts_.judge.score(key.query, key.gold, key.output);
  if (!judgement) return judgement.error();
  if (!judgement->score)
    return Error{ErrorKind::invalid,
                 "the judge's reply could not be read" +
                     (judgement->reason.empty() ? std::string() : ": " + judgement->reason),
                 ""};
  const double score = *judgement->score;
  if (!(score >= 0 && score <= 1))
    return Error{ErrorKind::invalid, "the judge's score does not lie in 0..1", ""};
  return score;
}

}  // namespace jarvis
