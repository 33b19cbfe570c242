#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/tool_answers.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace json = boost::json;
using namespace jarvis::shared;

constexpr std::int64_t kMostTasks = 50;
constexpr std::int64_t kUsualTokens = 2048;
constexpr std::int64_t kMostTokens = 8192;

json::object list_tasks(const Arguments& arguments, const sdk::Host& host) {
  const json::object reply =
      host.call("benchmark",
                {{"action", "list"}, {"limit", arguments.count("limit", kMostTasks, kMostTasks)}});
  json::object answer{{"tasks", sdk::optional_array(reply, "tasks")}};
  cut_at(answer, "tasks", kLongestQuery);
  fit_list(answer, answer, "tasks");
  return answer;
}

json::object shown(json::object reply) {
  cut_at(reply, "output", kLongestResult);
  return fit_strings(reply);
}

json::object run_student(const Arguments& arguments, const sdk::Host& host) {
  const std::string task = arguments.required_text("task_id");
  return shown(host.call("student", {{"action", "run"}, {"task_id", task}}));
}

json::object run_self(const Arguments& arguments, const sdk::Host& host) {
  const std::string task = arguments.required_text("task_id");
  const std::int64_t tokens = arguments.count("max_tokens", kUsualTokens, kMostTokens);
  return shown(
      host.call("teacher", {{"action", "run"}, {"task_id", task}, {"max_tokens", tokens}}));
}

json::object compare(const Arguments& arguments, const sdk::Host& host) {
  const auto named = arguments.text("task_id");
  const std::string task =
      named && !named->empty() ? *named : arguments.text("task").value_or(std::string());
  if (task.empty()) throw sdk::invalid("argument 'task_id' of 'compare_outputs' is missing");
  return fit_strings(host.call("judge", {{"action", "compare"}, {"task_id", task}}));
}

class BenchmarkTools : public sdk::DiagnosticTool {
 public:
  json::object call(const sdk::ToolRequest& request, const sdk::Host& host) override {
    const Arguments arguments(request.tool, request.arguments);
    if (request.tool == "list_personal_benchmark") return list_tasks(arguments, host);
    if (request.tool == "run_student_on_task") return run_student(arguments, host);
    if (request.tool == "run_self_on_task") return run_self(arguments, host);
    if (request.tool == "compare_outputs") return compare(arguments, host);
    throw sdk::invalid("plugin 'benchmark-tools' has no tool '" + request.tool + "'");
  }
};

}  // namespace

JARVIS_PLUGIN(BenchmarkTools, "benchmark-tools", "0.1.0")
