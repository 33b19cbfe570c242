#include <initializer_list>
#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/tool_answers.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace json = boost::json;
using namespace jarvis::shared;

/** What a list shows of a trace: enough to pick one for get_trace. */
constexpr std::size_t kListedText = 500;

template <class Value>
void put(json::object& request, const char* key, const std::optional<Value>& value) {
  if (value) request[key] = *value;
}

json::object listed(const json::object& reply) {
  json::object answer{{"traces", sdk::optional_array(reply, "traces")}};
  for (json::value& trace : answer.at("traces").as_array()) {
    if (!trace.is_object()) continue;
    cut_strings(trace, kListedText);
    for (const char* large : {"steps", "messages", "metadata"}) trace.as_object().erase(large);
  }
  fit_list(answer, answer, "traces");
  return answer;
}

json::object list_traces(const Arguments& arguments, const sdk::Host& host) {
  json::object request{{"action", "list"}, {"limit", arguments.count("limit", 20, 100)}};
  put(request, "agent", arguments.text("agent"));
  put(request, "outcome", arguments.text("outcome"));
  put(request, "min_feedback", arguments.share("min_feedback"));
  put(request, "max_feedback", arguments.share("max_feedback"));
  return listed(host.call("traces", request));
}

json::object search_traces(const Arguments& arguments, const sdk::Host& host) {
  const std::string query = arguments.required_text("query");
  return listed(host.call(
      "traces",
      {{"action", "search"}, {"query", query}, {"limit", arguments.count("limit", 10, 20)}}));
}

/** Shortens what surrounds query and result, the least useful first; says what it did. */
std::string shorten(const json::object& answer, json::object& trace) {
  std::string note;
  for (const std::size_t characters : std::initializer_list<std::size_t>{2000, 500, 100}) {
    if (fits(answer)) return note;
    for (const char* part : {"steps", "messages", "metadata"}) cut_at(trace, part, characters);
    note = "texts in steps longer than " + std::to_string(characters) + " characters were cut";
  }
  for (const char* part : {"messages", "metadata"}) {
    if (fits(answer)) return note;
    trace.erase(part);
    note = "messages and metadata were left out, long texts in steps were cut";
  }
  return note;
}

json::object get_trace(const Arguments& arguments, const sdk::Host& host) {
  const std::string id = arguments.required_text("trace_id");
  const json::object reply = host.call("traces", {{"action", "get"}, {"trace_id", id}});
  json::object answer{{"trace", sdk::optional_object(reply, "trace")}};
  json::object& trace = answer.at("trace").as_object();
  cut_at(trace, "query", kLongestQuery);
  cut_at(trace, "result", kLongestResult);
  const std::string note = shorten(answer, trace);
  if (!fits(answer))
    fit_list(answer, trace, "steps");
  else if (!note.empty())
    answer["note"] = note;
  return answer;
}

class TraceTools : public sdk::DiagnosticTool {
 public:
  json::object call(const sdk::ToolRequest& request, const sdk::Host& host) override {
    const Arguments arguments(request.tool, request.arguments);
    if (request.tool == "list_traces") return list_traces(arguments, host);
    if (request.tool == "get_trace") return get_trace(arguments, host);
    if (request.tool == "search_traces") return search_traces(arguments, host);
    throw sdk::invalid("plugin 'trace-tools' has no tool '" + request.tool + "'");
  }
};

}  // namespace

JARVIS_PLUGIN(TraceTools, "trace-tools", "0.1.0")
