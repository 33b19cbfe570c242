#pragma once

#include <functional>
#include <set>
#include <string>

#include "core/model/near_duplicates.hpp"
#include "core/session/diagnose/attempts.hpp"
#include "core/session/diagnose/diagnose.hpp"
#include "core/session/diagnose/evidence.hpp"

namespace jarvis {

/** What the diagnostic tools can reach: read-only, without the held-out tasks and what they came
 * from. Every run and every score goes through here into the evidence; one that was made before in
 * the same home, in whatever session, is taken from the ledger. Safe to call from many threads. */
class DiagnosisServices {
 public:
  DiagnosisServices(const DiagnoseInputs& inputs, Evidence& evidence);

  Result<json::object> serve(const std::string& service, const json::object& request) const;

  /** What the teacher may have run: a practice task or, where there is no benchmark yet, a trace.
   * Its gold is empty where nobody knows it. not_found for what is held out or unknown. */
  Result<Task> task(const std::string& id) const;
  /** False for the sources of held-out tasks and for near duplicates of their questions. */
  bool is_visible(const Trace& trace) const;

 private:
  Result<json::object> traces(const json::object& request) const;
  /** Gives the newest matching traces, at most so many. */
  using TraceSource = std::function<Result<std::vector<Trace>>(std::int64_t)>;
  Result<json::object> listed(std::int64_t limit, const TraceSource& newest) const;
  Result<json::object> benchmark(const json::object& request) const;
  Result<json::object> home(const json::object& request) const;
  Result<json::object> run_student(const json::object& request) const;
  Result<json::object> run_teacher(const json::object& request) const;
  Result<json::object> compare(const json::object& request) const;

  Result<KeptAnswer> ask_student(const Task& task) const;
  Result<std::string> ask_teacher(const Task& task, std::int64_t max_tokens,
                                  json::object* answer) const;
  Result<std::string> gold_of(const Task& task) const;
  Result<void> score_all(Answerer who, const Task& task, const std::string& gold) const;

  const DiagnoseInputs& inputs_;
  Evidence& evidence_;
  mutable Attempts attempts_;
  std::set<std::string> hidden_traces_;
  QuestionSet hidden_questions_;
};

}  // namespace jarvis
