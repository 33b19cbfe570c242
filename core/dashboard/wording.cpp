#include "core/dashboard/wording.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/figures.hpp"
#include "core/daemon/local_time.hpp"
#include "core/dashboard/sessions_index.hpp"
#include "core/ports/clock.hpp"

namespace jarvis::dashboard {

namespace {

std::string with_blanks(std::string_view words) {
  std::string text(words);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

Html badge(const std::string& kind, const std::string& text) {
  return element("span", {{"class", "badge" + (kind.empty() ? "" : " " + kind)}}, text);
}

Attributes classes(const std::string& kind) {
  return kind.empty() ? Attributes{} : Attributes{{"class", kind}};
}

}  // namespace

Html badge(EditStatus status) {
  const char* kind = status == EditStatus::applied            ? "good"
                     : status == EditStatus::rejected_by_gate ? "bad"
                     : status == EditStatus::pending_review   ? "live"
                     : status == EditStatus::rolled_back      ? "warn"
                                                              : "";
  return badge(kind, with_blanks(to_string(status)));
}

Html badge(SessionStatus status, bool at_work) {
  if (is_unfinished(status) && !at_work) return badge("warn", "interrupted");
  const char* kind = is_unfinished(status)                      ? "live"
                     : status == SessionStatus::completed       ? "good"
                     : status == SessionStatus::failed          ? "bad"
                     : status == SessionStatus::awaiting_review ? "warn"
                                                                : "";
  return badge(kind, with_blanks(to_string(status)));
}

Html moment(const std::string& iso8601) {
  if (iso8601.empty()) return "–";
  const double time = time_of_iso8601(iso8601);
  if (time <= 0) return iso8601;
  return element("time", {{"datetime", iso8601}, {"class", "nowrap"}}, local_text(time));
}

Html gain(std::optional<double> delta) {
  if (!delta) return "–";
  const char* kind = *delta > 0 ? "nowrap gain" : *delta < 0 ? "nowrap loss" : "nowrap";
  return element("span", {{"class", kind}}, points(*delta) + " points");
}

std::string duration(double seconds) {
  char text[32];
  if (seconds < 1)
    std::snprintf(text, sizeof text, "%.0f ms", seconds * 1000);
  else if (seconds < 120)
    std::snprintf(text, sizeof text, "%.1f s", seconds);
  else
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
  return text;
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

Html text_box(const std::string& text) {
  if (text.empty()) return element("p", {{"class", "empty"}}, "(nothing)");
  return element("div", {{"class", "text"}, {"tabindex", "0"}, {"role", "group"}}, text);
}

Html note(const char* kind, const Html& content) {
  return element("div", {{"class", std::string("note ") + kind}}, content);
}

Html error_note(const std::string& message, const std::string& hint) {
  Html content = element("p", message);
  if (!hint.empty()) content += element("p", {{"class", "soft"}}, hint);
  return element("div", {{"class", "note bad"}, {"role", "alert"}}, content);
}

Html scrolling(const std::string& label, const Html& table) {
  return element(
      "div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", label}},
      table);
}

Html table(const std::string& caption, const Html& head, const Html& rows) {
  return scrolling(
      caption, element("table", {element("caption", {{"class", "visually-hidden"}}, caption),
                                 element("thead", element("tr", head)), element("tbody", rows)}));
}

Html column(const std::string& title, const char* kind) {
  Attributes attributes = classes(kind);
  attributes.push_back({"scope", "col"});
  return element("th", attributes, title);
}

Html cell(const Html& content, const char* kind) {
  return element("td", classes(kind), content);
}

Html row_head(const Html& content) {
  return element("th", {{"scope", "row"}}, content);
}

Html fact(const std::string& name, const Html& value) {
  return element("div", {{"class", "fact"}}, {element("dt", name), element("dd", value)});
}

Html pair(const std::string& name, const Html& value) {
  return {element("dt", name), element("dd", value)};
}

Html link(const std::string& address, const Html& text) {
  return element("a", {{"href", address}}, text);
}

}  // namespace jarvis::dashboard
