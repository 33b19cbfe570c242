#include <algorithm>
#include <map>
#include <set>

#include "plugins/rehearsal/teacher.hpp"
#include "plugins/shared/rehearsal_questions.hpp"

namespace jarvis::rehearsal {

namespace json = boost::json;

namespace {

constexpr std::size_t kTasksTried = 6;

struct SeenTask {
  std::string id, query_class;
  bool failed_before = false;
};

struct Compared {
  double student = 0, teacher = 0;
};

/** All that the conversation told so far. */
struct Seen {
  std::vector<SeenTask> tasks;
  std::vector<SeenTask> traces;
  std::map<std::string, std::string> trace_of_class;  ///< a failed trace of each class
  std::string agent = "simple";
  std::set<std::string> asked;  ///< "tool" and "tool task"
  std::set<std::string> student_ran, teacher_ran;
  std::map<std::string, Compared> compared;
};

std::string class_of(const std::string& query) {
  const auto question = parse_question(query);
  if (!question) return "general";
  if (question->is_math()) return "math";
  return question->kind == Kind::backwards ? "short" : "general";
}

void note_traces(const json::object& result, Seen& seen) {
  for (const json::value& value : sdk::optional_array(result, "traces")) {
    if (!value.is_object()) continue;
    const json::object& trace = value.as_object();
    const std::string id = sdk::optional_string(trace, "trace_id");
    const std::string query_class = class_of(sdk::optional_string(trace, "query"));
    const bool failed = sdk::optional_number(trace, "feedback").value_or(1) <= 0.3;
    if (id.empty()) continue;
    seen.traces.push_back({id, query_class, failed});
    if (failed) seen.trace_of_class.emplace(query_class, id);
    seen.agent = sdk::optional_string(trace, "agent", seen.agent);
  }
}

void note_tasks(const json::object& result, Seen& seen) {
  for (const json::value& value : sdk::optional_array(result, "tasks")) {
    if (!value.is_object()) continue;
    const json::object& task = value.as_object();
    seen.tasks.push_back({sdk::optional_string(task, "task_id"),
                          sdk::optional_string(task, "query_class", "general"),
                          sdk::optional_string(task, "stratum") == "repair"});
  }
}

void note(const sdk::ToolCall& call, const json::object& result, Seen& seen) {
  const std::string task = sdk::optional_string(call.arguments, "task_id");
  if (call.name == "list_traces") note_traces(result, seen);
  if (call.name == "list_personal_benchmark") note_tasks(result, seen);
  if (call.name == "run_student_on_task") seen.student_ran.insert(task);
  if (call.name == "run_self_on_task") seen.teacher_ran.insert(task);
  if (call.name == "compare_outputs") {
    const auto student = sdk::optional_number(result, "student_score");
    const auto teacher = sdk::optional_number(result, "teacher_score");
    if (student && teacher) seen.compared[task] = {*student, *teacher};
  }
}

Seen read(const sdk::GenerateRequest& request) {
  Seen seen;
  std::map<std::string, sdk::ToolCall> calls;
  for (const sdk::Message& message : request.messages) {
    for (const sdk::ToolCall& call : message.tool_calls) {
      calls[call.id] = call;
      seen.asked.insert(call.name);
      seen.asked.insert(call.name + " " + sdk::optional_string(call.arguments, "task_id"));
    }
    for (const sdk::ToolResult& result : message.tool_results) {
      const auto call = calls.find(result.call_id);
      boost::system::error_code error;
      const json::value value = json::parse(result.content, error);
      if (call == calls.end() || result.is_error || error || !value.is_object()) continue;
      note(call->second, value.as_object(), seen);
    }
  }
  return seen;
}

/** A few tasks to try: failed ones first, in the order in which they were listed. */
std::vector<SeenTask> chosen(const Seen& seen) {
  std::vector<SeenTask> tasks = seen.tasks.empty() ? seen.traces : seen.tasks;
  std::stable_partition(tasks.begin(), tasks.end(),
                        [](const SeenTask& task) { return task.failed_before; });
  if (tasks.size() > kTasksTried) tasks.resize(kTasksTried);
  return tasks;
}

/** Collects the calls of one turn; a tool that is not declared, or was called so before, is left
 * out. */
class Turn {
 public:
  Turn(const sdk::GenerateRequest& request, const Seen& seen) : seen_(seen) {
    for (const sdk::ToolDefinition& tool : request.tools) declared_.insert(tool.name);
    for (const sdk::Message& message : request.messages) number_ += message.tool_calls.size();
  }

  void ask(const std::string& tool, json::object arguments = {}) {
    const std::string task = sdk::optional_string(arguments, "task_id");
    if (declared_.count(tool) == 0 ||
        seen_.asked.count(task.empty() ? tool : tool + " " + task) != 0)
      return;
    const std::string id = "rehearsal_" + std::to_string(++number_);
    calls_.push_back({id, tool, std::move(arguments)});
  }

  std::vector<sdk::ToolCall> take() { return std::move(calls_); }

 private:
  const Seen& seen_;
  std::set<std::string> declared_;
  std::size_t number_ = 0;
  std::vector<sdk::ToolCall> calls_;
};

std::vector<sdk::ToolCall> next_calls(const sdk::GenerateRequest& request, const Seen& seen) {
  Turn first(request, seen);
  first.ask("list_traces", {{"limit", 30}, {"max_feedback", 0.3}});
  first.ask("get_current_config");
  first.ask("list_personal_benchmark", {{"limit", 50}});
  if (auto calls = first.take(); !calls.empty()) return calls;

  const std::vector<SeenTask> tasks = chosen(seen);
  Turn second(request, seen);
  for (const SeenTask& task : tasks) {
    second.ask("run_student_on_task", {{"task_id", task.id}});
    second.ask("run_self_on_task", {{"task_id", task.id}});
  }
  if (auto calls = second.take(); !calls.empty()) return calls;

  Turn third(request, seen);
  for (const SeenTask& task : tasks)
    if (seen.student_ran.count(task.id) != 0 && seen.teacher_ran.count(task.id) != 0)
      third.ask("compare_outputs", {{"task_id", task.id}});
  return third.take();
}

json::object cluster_of(const std::string& query_class, const std::vector<std::string>& task_ids,
                        const Seen& seen) {
  double failures = 0, successes = 0;
  for (const std::string& id : task_ids) {
    const Compared& compared = seen.compared.at(id);
    failures += compared.student < 0.5 ? 1 : 0;
    successes += compared.teacher >= 0.5 ? 1 : 0;
  }
  const double count = static_cast<double>(task_ids.size());
  json::array samples;
  if (const auto sample = seen.trace_of_class.find(query_class);
      sample != seen.trace_of_class.end())
    samples.emplace_back(sample->second);
  return {
      {"id", "wrong-answers-" + query_class},
      {"description", "Agent '" + seen.agent +
                          "' gives wrong final answers to questions of class " + query_class + "."},
      {"sample_trace_ids", std::move(samples)},
      {"task_ids", json::value_from(task_ids)},
      {"student_failure_rate", failures / count},
      {"teacher_success_rate", successes / count},
      {"skill_gap", "The student leaves out the last step, the teacher does not."}};
}

json::array clusters_of(const Seen& seen) {
  std::map<std::string, std::vector<std::string>> tasks;
  std::map<std::string, std::size_t> failures;
  for (const SeenTask& task : chosen(seen)) {
    const auto compared = seen.compared.find(task.id);
    if (compared == seen.compared.end()) continue;
    tasks[task.query_class].push_back(task.id);
    if (compared->second.student < 0.5) ++failures[task.query_class];
  }
  std::vector<std::string> classes;
  for (const auto& [query_class, count] : failures) classes.push_back(query_class);
  std::stable_sort(classes.begin(), classes.end(), [&](const auto& one, const auto& other) {
    return failures[one] > failures[other];
  });
  json::array clusters;
  for (const std::string& query_class : classes)
    clusters.push_back(cluster_of(query_class, tasks[query_class], seen));
  return clusters;
}

std::string conclusion(const Seen& seen) {
  const json::array clusters = clusters_of(seen);
  std::string text =
      "This is a rehearsal: no language model wrote it.\n\nI ran the student and myself on " +
      std::to_string(seen.compared.size()) + " tasks and compared the answers. ";
  if (clusters.empty()) text += "The student failed on none of them.";
  for (const json::value& cluster : clusters)
    text += std::string(cluster.at("description").as_string()) + " ";
  return text + "\n\n```json\n" + json::serialize(clusters) + "\n```\n";
}

}  // namespace

sdk::Message diagnose(const sdk::GenerateRequest& request) {
  const Seen seen = read(request);
  sdk::Message message{"assistant", {}, {}, {}, {}};
  if (request.may_call_tools) message.tool_calls = next_calls(request, seen);
  if (message.tool_calls.empty())
    message.text = conclusion(seen);
  else
    message.text = "Rehearsal teacher: looking further.";
  return message;
}

}  // namespace jarvis::rehearsal
