#include "core/base/json_text.hpp"
#include "core/dashboard/pages.hpp"
#include "core/dashboard/rating_view.hpp"
#include "core/dashboard/wording.hpp"
#include "core/ports/clock.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kMostShown = 50000;
constexpr std::size_t kStepShown = 8000;

bool is_empty(const json::value& value) {
  return value.is_null() || (value.is_object() && value.as_object().empty()) ||
         (value.is_array() && value.as_array().empty());
}

Html step_view(const TraceStep& step) {
  const std::string number = std::to_string(step.index);
  Html content =
      element("summary", number + " " + step.type + ", " + duration(step.duration_seconds));
  if (!is_empty(step.input))
    content += {element("h3", "Input"), text_box(shortened(pretty(step.input), kStepShown))};
  if (!is_empty(step.output))
    content += {element("h3", "Output"), text_box(shortened(pretty(step.output), kStepShown))};
  return element("details", {{"id", "step-" + number}}, content);
}

}  // namespace

Page trace_page(const Visit& visit, const std::string& id) {
  const auto store = visit.desk.traces();
  if (!store) return error_page(store.error());
  const auto trace = (*store)->get(id);
  if (!trace) return error_page(trace.error());
  if (trace->id != id) return not_found_page("There is no trace '" + id + "'.");
  const Html summary{pair("Trace", element("code", trace->id)),
                     pair("Started", moment(iso8601(trace->started_at))),
                     pair("Agent", trace->agent),
                     pair("Model", trace->model.empty() ? "–" : trace->model),
                     pair("Outcome", trace->outcome.value_or("–")),
                     pair("Took", duration(trace->total_latency_seconds) + ", " +
                                      std::to_string(trace->total_tokens) + " tokens"),
                     pair("Rating", {element("span", {{"role", "status"}}, rating_text(*trace)),
                                     " ", thumbs(visit, *trace, "/traces/" + id)})};
  Html steps;
  for (const TraceStep& step : trace->steps) steps += step_view(step);
  Html content{
      element("h1", "Trace"),
      element("section", {{"class", "card"}}, element("dl", {{"class", "pairs"}}, summary)),
      element("h2", "Question"),
      text_box(shortened(trace->query, kMostShown)),
      element("h2", "Answer"),
      text_box(shortened(trace->result, kMostShown))};
  if (!steps.empty())
    content += {element("h2", "Steps"), element("section", {{"class", "card"}}, steps)};
  return {"Trace " + id, "/traces", content};
}

}  // namespace jarvis::dashboard
