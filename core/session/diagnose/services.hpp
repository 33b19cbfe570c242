#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "core/model/near_duplicates.hpp"
#include "core/session/diagnose/diagnose.hpp"
#include "core/session/diagnose/evidence.hpp"

namespace jarvis {

/** A question that the teacher may have run: a practice task, or a visible trace where there is no
 *  benchmark yet. */
struct Question {
  std::string id;
  std::string query;
  std::string query_class;
  std::string agent;
  std::optional<std::string> gold;
};

/** What the diagnostic tools can reach: read-only, without the held-out tasks and what they came
 * from. Every run and every score goes through here into the evidence. Safe to call from many
 * threads. */
class DiagnosisServices {
 public:
  DiagnosisServices(const DiagnoseInputs& inputs, Evidence& evidence);

  Result<json::object> serve(const std::string& service, const json::object& request) const;

  /** not_found for what is held out or unknown. */
  Result<Question> question(const std::string& id) const;
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

  Result<std::string> ask_teacher(const Question& question, std::int64_t max_tokens,
                                  json::object* answer) const;
  Result<std::string> gold_of(const Question& question) const;
  Result<void> score_all(Answerer who, const Question& question, const std::string& gold) const;

  const DiagnoseInputs& inputs_;
  Evidence& evidence_;
  std::set<std::string> hidden_traces_;
  QuestionSet hidden_questions_;
};

}  // namespace jarvis
