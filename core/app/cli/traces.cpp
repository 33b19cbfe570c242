#include <cstdio>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/trace_filter.hpp"
#include "core/app/cli/when.hpp"
#include "core/base/json_text.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kQueryShown = 70;
constexpr std::int64_t kShownUnasked = 20;

std::string feedback_text(const std::optional<double>& feedback) {
  if (!feedback) return "–";
  char text[16];
  std::snprintf(text, sizeof text, "%.1f", *feedback);
  return text;
}

void print_step(const TraceStep& step, const Output& output) {
  output.line("  " + std::to_string(step.index) + " " + step.type);
  for (const auto& [name, value] :
       {std::pair("input", &step.input), std::pair("output", &step.output)}) {
    const bool empty = value->is_null() || (value->is_object() && value->as_object().empty());
    if (!empty)
      output.line("      " + std::string(name) + " " + shortened(json::serialize(*value), 600));
  }
}

void print_traces(const std::vector<Trace>& traces, double now, const Output& output) {
  json::array documents;
  std::vector<std::vector<std::string>> rows;
  for (const Trace& trace : traces) {
    documents.push_back(trace_document(trace, false));
    rows.push_back({trace.id, when(trace.started_at, now), trace.agent,
                    feedback_text(trace.feedback), shortened(trace.query, kQueryShown)});
  }
  output.document({{"traces", std::move(documents)}});
  if (rows.empty())
    output.line("No traces.");
  else
    output.table({"TRACE", "STARTED", "AGENT", "RATED", "QUERY"}, rows);
}

}  // namespace

Result<int> traces_list(Application& application, const Arguments& arguments, Output& output) {
  const auto limit = arguments.count("--limit");
  if (!limit) return limit.error();
  auto filter = trace_filter(arguments);
  if (!filter) return filter.error();
  filter->limit = limit->value_or(kShownUnasked);
  const auto traces = application.traces();
  if (!traces) return traces.error();
  const auto found = (*traces)->list(*filter);
  if (!found) return found.error();
  print_traces(*found, application.clock().now(), output);
  return 0;
}

Result<int> traces_search(Application& application, const Arguments& arguments, Output& output) {
  const auto limit = arguments.count("--limit");
  if (!limit) return limit.error();
  std::string words;
  for (const std::string& word : arguments.list("words"))
    words += (words.empty() ? "" : " ") + word;
  const auto traces = application.traces();
  if (!traces) return traces.error();
  const auto found = (*traces)->search(words, limit->value_or(kShownUnasked));
  if (!found) return found.error();
  print_traces(*found, application.clock().now(), output);
  return 0;
}

Result<int> traces_show(Application& application, const Arguments& arguments, Output& output) {
  const auto traces = application.traces();
  if (!traces) return traces.error();
  const auto trace = (*traces)->get(arguments.text("trace"));
  if (!trace) return trace.error();
  output.document({{"trace", trace_document(*trace, true)}});
  output.heading("Trace " + trace->id);
  output.line("  agent    " + trace->agent + ", model " +
              (trace->model.empty() ? "–" : trace->model));
  output.line("  started  " + iso8601(trace->started_at) + ", " +
              when(trace->started_at, application.clock().now()));
  output.line("  rated    " + feedback_text(trace->feedback));
  output.line();
  output.heading("Question");
  output.verbatim(trace->query);
  output.line();
  output.heading("Answer");
  output.verbatim(trace->result);
  output.line();
  output.heading("Steps");
  for (const TraceStep& step : trace->steps) print_step(step, output);
  return 0;
}

}  // namespace jarvis
