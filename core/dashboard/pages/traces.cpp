#include <Poco/URI.h>

#include <charconv>

#include "core/base/json_text.hpp"
#include "core/dashboard/pages.hpp"
#include "core/dashboard/rating_view.hpp"
#include "core/dashboard/wording.hpp"
#include "core/ports/clock.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::int64_t kShown = 50;
constexpr std::int64_t kMostShown = 500;
constexpr std::size_t kQuestionShown = 140;

std::int64_t wanted_count(const std::string& text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size()) return kShown;
  return std::clamp(count, kShown, kMostShown);
}

std::string address_of(const std::string& words, std::int64_t count) {
  std::string encoded;
  Poco::URI::encode(words, "+&=#%?;/\"'<>", encoded);
  return "/traces?q=" + encoded + "&show=" + std::to_string(count);
}

Html search_form(const std::string& words) {
  return element(
      "form", {{"method", "get"}, {"action", "/traces"}, {"role", "search"}, {"class", "card"}},
      element(
          "div", {{"class", "actions"}},
          {element("div", {{"class", "field"}},
                   {element("label", {{"for", "words"}},
                            "Words in question, answer or agent; all must occur"),
                    empty_element(
                        "input",
                        {{"type", "search"}, {"name", "q"}, {"id", "words"}, {"value", words}})}),
           button("Search")}));
}

Html row(const Visit& visit, const Trace& trace, const std::string& back) {
  const std::string question =
      trace.query.empty() ? "(no question)" : shortened(trace.query, kQuestionShown);
  const Html title = is_id(trace.id) ? link("/traces/" + trace.id, question) : Html(question);
  return element("tr", {element("th", {{"scope", "row"}, {"class", "wide"}}, title),
                        cell(thumbs(visit, trace, back)), cell(rating_text(trace), "nowrap"),
                        cell(trace.agent), cell(moment(iso8601(trace.started_at)))});
}

}  // namespace

Page traces_page(const Visit& visit) {
  const std::string words = visit.target.field("q");
  const std::int64_t count = wanted_count(visit.target.field("show"));
  const auto store = visit.desk.traces();
  if (!store) return error_page(store.error());
  TraceFilter newest;
  newest.limit = count + 1;
  auto traces = words.empty() ? (*store)->list(newest) : (*store)->search(words, count + 1);
  if (!traces) return error_page(traces.error());
  const bool more = traces->size() > static_cast<std::size_t>(count);
  if (more) traces->pop_back();
  const std::string back = address_of(words, count);
  Html rows;
  for (const Trace& trace : *traces) rows += row(visit, trace, back);
  Html list = traces->empty()
                  ? element("p", {{"class", "empty"}},
                            words.empty() ? "No traces yet: use the assistant, or 'jarvis traces "
                                            "import FILE'."
                                          : "No trace has all of these words.")
                  : table("Traces, newest first",
                          {column("Question"), column("Rate it"), column("Rating"), column("Agent"),
                           column("Started")},
                          rows);
  if (more && count < kMostShown)
    list +=
        element("p", {{"class", "pager"}}, link(address_of(words, count + kShown), "Show more"));
  return {"Traces", "/traces",
          Html{element("h1", "Traces"),
               element("p", {{"class", "lead"}},
                       "Questions and answers of the agent. What you rate becomes the benchmark."),
               search_form(words), element("div", {{"class", "card"}}, list)}};
}

}  // namespace jarvis::dashboard
