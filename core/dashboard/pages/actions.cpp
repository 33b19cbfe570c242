#include <charconv>

#include "core/base/figures.hpp"
#include "core/dashboard/pages.hpp"
#include "core/dashboard/timeline.hpp"
#include "core/dashboard/wording.hpp"

namespace jarvis::dashboard {

namespace {

Html state_of(const Action& action) {
  if (action.is_running()) return element("span", {{"class", "badge live"}}, "running");
  if (action.outcome.status == 0) return element("span", {{"class", "badge good"}}, "done");
  return element("span", {{"class", "badge bad"}}, "failed");
}

/** The session that it is about; for one that started a new session, that one. */
std::string session_of(const Visit& visit, const Action& action) {
  if (!action.session_id.empty()) return action.session_id;
  const json::object session = sdk::optional_object(action.outcome.document, "session");
  if (const auto id = sdk::optional_string(session, "id"); !id.empty()) return id;
  const auto content = visit.desk.index.look();
  if (content->sessions.empty()) return {};
  const SessionLine& newest = content->sessions.front();
  return newest.started_at >= action.started_at ? newest.id : "";
}

Html outcome_of(const Action& action) {
  if (action.is_running())
    return element("p", {{"class", "soft"}}, "It goes on, also when you leave this page.");
  if (!action.outcome.error.empty()) return error_note(action.outcome.error, action.outcome.hint);
  const json::object edit = sdk::optional_object(action.outcome.document, "edit");
  if (edit.empty()) return {};
  const auto status = edit_status_from(sdk::optional_string(edit, "status"));
  Html text = status ? badge(*status) : Html();
  text += " ";
  text += gain(sdk::optional_number(edit, "benchmark_delta"));
  Html content = element("p", text);
  if (const auto reason = sdk::optional_string(edit, "verdict_reason"); !reason.empty())
    content += element("p", reason);
  return content;
}

Html progress_of(const Visit& visit, const Action& action) {
  const std::string id = session_of(visit, action);
  if (id.empty()) return {};
  Html content{element("h2", "Its session"),
               element("p", link("/sessions/" + id, element("code", id)))};
  if (const auto session = visit.desk.recorder.sessions().find(id))
    content += element("section", {{"class", "card"}, {"aria-live", "polite"}},
                       timeline(visit, *session, action.is_running()));
  return content;
}

}  // namespace

Page actions_page(const Visit& visit) {
  Html rows;
  bool is_running = false;
  for (const Action& action : visit.desk.actions.list()) {
    is_running = is_running || action.is_running();
    rows +=
        element("tr", {row_head(link("/actions/" + std::to_string(action.number), action.title)),
                       cell(state_of(action)), cell(moment(action.started_at)),
                       cell(moment(action.ended_at)), cell(action.outcome.error, "wide")});
  }
  const Html list =
      rows.empty()
          ? element("p", {{"class", "empty"}}, "Nothing was started from this dashboard yet.")
          : table("Started from here",
                  {column("What"), column("State"), column("Started"), column("Ended"), column("")},
                  rows);
  return {"Started from here",
          "",
          {element("h1", "Started from here"),
           element("div", {{"class", "card"}, {"data-live", "actions"}}, list)},
          200,
          is_running};
}

Page action_page(const Visit& visit, const std::string& number) {
  int wanted = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), wanted);
  const auto action = error == std::errc() && end == number.data() + number.size()
                          ? visit.desk.actions.find(wanted)
                          : std::nullopt;
  if (!action) return not_found_page("There is no action '" + number + "'.");
  const Html content{element("div", {{"class", "edit-head"}},
                             {element("h1", action->title),
                              element("span", {{"role", "status"}}, state_of(*action))}),
                     element("section", {{"class", "card"}},
                             {element("dl", {{"class", "pairs"}},
                                      {pair("Started", moment(action->started_at)),
                                       pair("Ended", moment(action->ended_at))}),
                              outcome_of(*action)}),
                     progress_of(visit, *action)};
  return {action->title, "", element("div", {{"data-live", "action"}}, content), 200,
          action->is_running()};
}

}  // namespace jarvis::dashboard
