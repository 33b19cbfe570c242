#include "core/dashboard/rating_view.hpp"

#include "core/base/figures.hpp"
#include "core/dashboard/wording.hpp"
#include "core/ports/feedback_stats.hpp"

namespace jarvis::dashboard {

namespace {

/** A thumb that points up; `turned` makes it point down. Drawn, because not every font has one. */
Html thumb_icon(bool turned) {
  const Html shape =
      element("path",
              {{"d",
                "M2 9h3v9H2z M7 18V9l3.5-7c1.4 0 2.3 1 2 2.4L12 8h5c1.2 0 2 1 1.8 2.2l-1.1 6"
                "c-.2 1-1 1.8-2.1 1.8z"},
               {"fill", "currentColor"},
               {"transform", turned ? "rotate(180 10 10)" : "rotate(0)"}},
              {});
  return element(
      "svg", {{"viewBox", "0 0 20 20"}, {"width", "18"}, {"height", "18"}, {"aria-hidden", "true"}},
      shape);
}

Html thumb(const char* score, const std::string& label, bool is_set) {
  return element("button",
                 {{"type", "submit"},
                  {"class", "quiet"},
                  {"name", "score"},
                  {"value", score},
                  {"aria-label", label},
                  {"aria-pressed", is_set ? "true" : "false"}},
                 thumb_icon(*score == '0'));
}

}  // namespace

std::string rating_text(const Trace& trace) {
  if (!trace.feedback) return "unrated";
  return percent(trace.feedback) + (is_rated_by_judge(trace) ? " by the judge" : "");
}

Html thumbs(const Visit& visit, const Trace& trace, const std::string& back) {
  if (!is_id(trace.id)) return {};
  const bool by_person = trace.feedback && !is_rated_by_judge(trace);
  return form(visit, "/traces/" + trace.id + "/rate",
              {hidden_field("back", back),
               element("span", {{"class", "thumbs"}},
                       {thumb("1", "Right", by_person && *trace.feedback == 1.0),
                        thumb("0", "Wrong", by_person && *trace.feedback == 0.0)})});
}

}  // namespace jarvis::dashboard
