#include "core/session/diagnose/services.hpp"

#include <algorithm>
#include <chrono>
#include <jarvis/text/prompt.hpp>

#include "core/model/query_class.hpp"

namespace jarvis {

namespace {

constexpr double kAgreesFrom = 0.5;
constexpr std::int64_t kListLimit = 100;

json::object trace_json(const Trace& trace) {
  json::object object{{"trace_id", trace.id},
                      {"query", trace.query},
                      {"agent", trace.agent},
                      {"model", trace.model},
                      {"query_class", classify(trace.query)},
                      {"result", trace.result},
                      {"outcome", nullptr},
                      {"feedback", nullptr},
                      {"started_at", iso8601(trace.started_at)},
                      {"total_tokens", trace.total_tokens},
                      {"latency_seconds", trace.total_latency_seconds}};
  if (trace.outcome) object["outcome"] = *trace.outcome;
  if (trace.feedback) object["feedback"] = *trace.feedback;
  return object;
}

json::object trace_with_steps(const Trace& trace) {
  json::object object = trace_json(trace);
  json::array steps;
  for (const TraceStep& step : trace.steps)
    steps.push_back(json::object{{"index", step.index},
                                 {"type", step.type},
                                 {"duration_seconds", step.duration_seconds},
                                 {"input", step.input},
                                 {"output", step.output}});
  object["steps"] = std::move(steps);
  object["messages"] = trace.messages;
  return object;
}

Error unknown_action(const std::string& service, const std::string& action) {
  return {ErrorKind::invalid, "service '" + service + "' has no action '" + action + "'", ""};
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::optional<std::string> optional_text(const json::object& object, std::string_view key) {
  const std::string text = sdk::optional_string(object, key);
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

DiagnosisServices::DiagnosisServices(const DiagnoseInputs& inputs, Evidence& evidence)
    : inputs_(inputs), evidence_(evidence) {
  if (!inputs_.benchmark) return;
  for (const Task& task : inputs_.benchmark->tasks) {
    if (task.part != Part::held_out) continue;
    hidden_traces_.insert(task.trace_id);
    hidden_questions_.add(task.query);
  }
}

bool DiagnosisServices::is_visible(const Trace& trace) const {
  return !hidden_traces_.contains(trace.id) &&
         !hidden_questions_.has_near_duplicate_of(trace.query);
}

Result<json::object> DiagnosisServices::serve(const std::string& service,
                                              const json::object& request) const try {
  if (service == "traces") return traces(request);
  if (service == "benchmark") return benchmark(request);
  if (service == "home") return home(request);
  if (service == "student") return run_student(request);
  if (service == "teacher") return run_teacher(request);
  if (service == "judge") return compare(request);
  return Error{ErrorKind::refused, "there is no service '" + service + "'", ""};
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::invalid, failure.what(), failure.hint()};
}

Result<json::object> DiagnosisServices::traces(const json::object& request) const {
  const std::string action = sdk::required_string(request, "action");
  const std::int64_t limit =
      std::clamp<std::int64_t>(sdk::optional_integer(request, "limit", 20), 1, kListLimit);
  if (action == "list") {
    TraceFilter filter;
    filter.agent = optional_text(request, "agent");
    filter.outcome = optional_text(request, "outcome");
    filter.min_feedback = sdk::optional_number(request, "min_feedback");
    filter.max_feedback = sdk::optional_number(request, "max_feedback");
    return listed(limit, [&](std::int64_t count) {
      filter.limit = count;
      return inputs_.traces.list(filter);
    });
  }
  if (action == "search") {
    const std::string words = sdk::required_string(request, "query");
    return listed(limit, [&](std::int64_t count) { return inputs_.traces.search(words, count); });
  }
  if (action != "get") return unknown_action("traces", action);
  const std::string id = sdk::required_string(request, "trace_id");
  const auto trace = inputs_.traces.get(id);
  if (!trace) return trace.error();
  if (!is_visible(*trace)) return Error{ErrorKind::not_found, "there is no trace '" + id + "'", ""};
  return json::object{{"trace", trace_with_steps(*trace)}};
}

// Hidden traces are taken out of what the store gives, so that more are asked for until enough are
// left.
Result<json::object> DiagnosisServices::listed(std::int64_t limit,
                                               const TraceSource& newest) const {
  for (std::int64_t count = limit + static_cast<std::int64_t>(2 * hidden_traces_.size());;
       count *= 4) {
    const auto traces = newest(count);
    if (!traces) return traces.error();
    json::array rows;
    for (const Trace& trace : *traces)
      if (is_visible(trace) && static_cast<std::int64_t>(rows.size()) < limit)
        rows.push_back(trace_json(trace));
    const bool all_seen = static_cast<std::int64_t>(traces->size()) < count;
    if (all_seen || static_cast<std::int64_t>(rows.size()) == limit)
      return json::object{{"traces", std::move(rows)}};
  }
}

Result<json::object> DiagnosisServices::benchmark(const json::object& request) const {
  if (sdk::required_string(request, "action") != "list")
    return unknown_action("benchmark", sdk::required_string(request, "action"));
  const auto limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(sdk::optional_integer(request, "limit", 50), 1, kListLimit));
  json::array rows;
  if (inputs_.benchmark) {
    auto tasks = inputs_.benchmark->part(Part::practice);
    std::stable_partition(tasks.begin(), tasks.end(),
                          [](const Task& task) { return task.stratum == Stratum::repair; });
    for (const Task& task : tasks)
      if (rows.size() < limit)
        rows.push_back(
            json::object{{"task_id", task.id},
                         {"query", task.query},
                         {"query_class", task.query_class},
                         {"stratum", task.stratum == Stratum::repair ? "repair" : "retain"},
                         {"reference_answer", task.gold}});
    return json::object{{"tasks", std::move(rows)}};
  }
  // Without a benchmark every rated trace is a task, failing ones first.
  TraceFilter filter;
  filter.rated_only = true;
  filter.limit = kListLimit;
  auto traces = inputs_.traces.list(filter);
  if (!traces) return traces.error();
  std::stable_partition(traces->begin(), traces->end(), [&](const Trace& trace) {
    return trace.feedback.value_or(1.0) < inputs_.liked_from;
  });
  for (const Trace& trace : *traces)
    if (rows.size() < limit)
      rows.push_back(json::object{{"task_id", trace.id},
                                  {"query", trace.query},
                                  {"query_class", classify(trace.query)},
                                  {"feedback", number_or_null(trace.feedback)}});
  return json::object{{"tasks", std::move(rows)},
                      {"note", "there is no personal benchmark yet: these are rated traces"}};
}

Result<json::object> DiagnosisServices::home(const json::object& request) const {
  const std::string action = sdk::required_string(request, "action");
  if (action == "config") return json::object{{"config", inputs_.config}};
  if (action == "agent_prompt") {
    const std::string agent = sdk::required_string(request, "agent");
    const auto prompt = text::agent_prompt(
        agent, [&](const std::string& file) { return content_of(inputs_.home, file); });
    if (prompt.text) return json::object{{"agent", agent}, {"prompt", *prompt.text}};
    return Error{ErrorKind::not_found,
                 "agent '" + agent + "' has no prompt at " + text::shown(prompt.place),
                 "a prompt op for it would start one"};
  }
  json::array tools;
  for (const sdk::ToolDefinition& tool : inputs_.student_tools)
    tools.push_back(json::object{{"name", tool.name}, {"description", tool.description}});
  if (action == "tools") return json::object{{"tools", std::move(tools)}};
  if (action != "tool_description") return unknown_action("home", action);
  const std::string name = sdk::required_string(request, "tool");
  for (const sdk::ToolDefinition& tool : inputs_.student_tools)
    if (tool.name == name)
      return json::object{{"tool_name", name}, {"description", tool.description}};
  return Error{ErrorKind::not_found, "there is no tool '" + name + "'", "see list_available_tools"};
}

Result<Task> DiagnosisServices::task(const std::string& id) const {
  if (inputs_.benchmark) {
    for (const Task& task : inputs_.benchmark->tasks)
      if (task.id == id && task.part == Part::practice) return task;
    return Error{ErrorKind::not_found, "there is no practice task '" + id + "'",
                 "list_personal_benchmark names them"};
  }
  const auto trace = inputs_.traces.get(id);
  if (!trace) return trace.error();
  Task task;
  task.id = trace->id;
  task.query = trace->query;
  task.query_class = classify(trace->query);
  task.agent = trace->agent;
  if (trace->feedback.value_or(0.0) >= inputs_.liked_from) task.gold = trace->result;
  return task;
}

Result<KeptAnswer> DiagnosisServices::ask_student(const Task& asked) const {
  const auto state = fingerprint_of(inputs_.home);
  if (!state) return state.error();
  const int attempt = attempts_.take(asked.id);
  auto answer = inputs_.calls.answer({&inputs_.home, *state, attempt}, asked);
  if (!answer) attempts_.give_back(asked.id, attempt);
  return answer;
}

Result<json::object> DiagnosisServices::run_student(const json::object& request) const {
  const auto asked = task(sdk::required_string(request, "task_id"));
  if (!asked) return asked.error();
  const auto answer = ask_student(*asked);
  if (!answer) {
    evidence_.add_failed_run(asked->id, missing_run_reason(answer.error()));
    return answer.error();
  }
  evidence_.add_answer(Answerer::student, asked->id, answer->output);
  json::object result{{"task_id", asked->id},
                      {"output", answer->output},
                      {"latency_seconds", number_or_null(answer->latency_seconds)},
                      {"tokens_used", nullptr},
                      {"model", answer->model}};
  if (answer->tokens_used) result["tokens_used"] = *answer->tokens_used;
  return result;
}

Result<std::string> DiagnosisServices::ask_teacher(const Task& asked, std::int64_t max_tokens,
                                                   json::object* answer) const {
  sdk::GenerateRequest request;
  request.system = inputs_.prompts.run_self;
  request.messages.push_back({"user", asked.query, {}, {}, {}});
  request.max_output_tokens = std::clamp<std::int64_t>(max_tokens, 64, 8192);
  const auto start = std::chrono::steady_clock::now();
  const auto reply = inputs_.teacher.generate(Purpose::run_self, std::move(request));
  if (!reply) return reply.error();
  evidence_.add_answer(Answerer::teacher, asked.id, reply->message.text);
  if (answer)
    *answer = {{"task_id", asked.id},
               {"output", reply->message.text},
               {"latency_seconds", seconds_since(start)},
               {"tokens_used", reply->usage.input_tokens + reply->usage.output_tokens},
               {"model", reply->model}};
  return reply->message.text;
}

Result<json::object> DiagnosisServices::run_teacher(const json::object& request) const {
  const auto asked = task(sdk::required_string(request, "task_id"));
  if (!asked) return asked.error();
  json::object answer;
  const auto text =
      ask_teacher(*asked, sdk::optional_integer(request, "max_tokens", 2048), &answer);
  if (!text) return text.error();
  return answer;
}

/** A liked answer, or, where there is none, a teacher answer that a second one confirms. */
Result<std::string> DiagnosisServices::gold_of(const Task& asked) const {
  if (!asked.gold.empty()) return asked.gold;
  auto answers = evidence_.answers(Answerer::teacher, asked.id);
  while (answers.size() < 2) {
    if (auto asked_again = ask_teacher(asked, 2048, nullptr); !asked_again)
      return asked_again.error();
    answers = evidence_.answers(Answerer::teacher, asked.id);
  }
  const auto agreed = inputs_.calls.score(asked.query, answers[0], answers[1]);
  if (!agreed) return agreed.error();
  if (*agreed < kAgreesFrom)
    return Error{ErrorKind::refused,
                 "task '" + asked.id + "' cannot be scored: two answers of the teacher disagree",
                 ""};
  return answers[0];
}

Result<void> DiagnosisServices::score_all(Answerer who, const Task& asked,
                                          const std::string& gold) const {
  const auto outputs = evidence_.answers(who, asked.id);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (evidence_.score(who, asked.id, i)) continue;
    const auto score = inputs_.calls.score(asked.query, gold, outputs[i]);
    if (!score)
      return Error{score.error().kind,
                   "task '" + asked.id + "' could not be scored: " + score.error().message,
                   score.error().hint};
    evidence_.set_score(who, asked.id, i, *score);
  }
  return {};
}

Result<json::object> DiagnosisServices::compare(const json::object& request) const {
  const auto asked = task(sdk::required_string(request, "task_id"));
  if (!asked) return asked.error();
  if (evidence_.answers(Answerer::student, asked->id).empty())
    return Error{ErrorKind::invalid, "the student has not answered task '" + asked->id + "' yet",
                 "call run_student_on_task first"};
  const auto gold = gold_of(*asked);
  if (!gold) return gold.error();
  for (const Answerer who : {Answerer::student, Answerer::teacher})
    if (auto scored = score_all(who, *asked, *gold); !scored) return scored.error();
  return json::object{
      {"task_id", asked->id},
      {"student_score", number_or_null(evidence_.mean_score(Answerer::student, asked->id))},
      {"teacher_score", number_or_null(evidence_.mean_score(Answerer::teacher, asked->id))},
      {"reason", "scored by the judge against the reference answer"}};
}

}  // namespace jarvis
