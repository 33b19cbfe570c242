#include <algorithm>

#include "core/dashboard/edit_view.hpp"
#include "core/dashboard/pages.hpp"
#include "core/dashboard/session_view.hpp"
#include "core/dashboard/timeline.hpp"
#include "core/dashboard/wording.hpp"
#include "core/home/paths.hpp"

namespace jarvis::dashboard {

namespace {

Html edits(const Visit& visit, const Session& session) {
  if (session.outcomes.empty()) return {};
  const VerdictEvidence evidence(visit.desk.parts.home, visit.desk.parts.clock, session);
  Html cards = element("h2", counted(session.outcomes.size(), "edit", "edits"));
  for (const EditOutcome& outcome : session.outcomes) cards += edit_card(outcome, evidence);
  return cards;
}

Html diagnosis(const Visit& visit, const Session& session) {
  if (session.diagnosis_path.empty()) return {};
  const auto text = visit.desk.home.read(session.diagnosis_path);
  if (!text) return {};
  return element("details", {{"id", "diagnosis"}},
                 {element("summary", "The teacher's diagnosis"), text_box(*text)});
}

bool has_applied(const Session& session) {
  return std::any_of(session.outcomes.begin(), session.outcomes.end(),
                     [](const auto& outcome) { return outcome.status == EditStatus::applied; });
}

Html ways_on(const Visit& visit, const Session& session, bool at_work) {
  Html forms;
  const std::string address = "/sessions/" + session.id;
  if (has_applied(session) && !at_work)
    forms += form(visit, address + "/rollback", button("Roll back the applied edits", "danger"));
  const bool can_resume =
      !session.plan_path.empty() && !at_work &&
      (is_unfinished(session.status) || session.status == SessionStatus::failed);
  if (can_resume) forms += form(visit, address + "/resume", button("Go on with this session"));
  const bool waits =
      std::any_of(session.outcomes.begin(), session.outcomes.end(),
                  [](const auto& outcome) { return outcome.status == EditStatus::pending_review; });
  if (waits)
    forms += element("a", {{"class", "button quiet"}, {"href", "/review"}}, "Review what waits");
  return forms.empty() ? Html() : element("div", {{"class", "actions"}}, forms);
}

}  // namespace

Page session_page(const Visit& visit, const std::string& id) {
  const auto session = visit.desk.recorder.sessions().find(id);
  if (!session) return error_page(session.error());
  if (session->id != id) return not_found_page("There is no session '" + id + "'.");
  const bool at_work = visit.desk.session_at_work() == id;
  Html content{element("div", {{"class", "edit-head"}},
                       {element("h1", "Session"), badge(session->status, at_work)}),
               element("p", {{"class", "lead"}}, element("code", session->id))};
  if (!session->error.empty()) content += error_note(session->error, session->error_hint);
  for (const std::string& text : session->notices) content += note("", text);
  content += element("section", {{"class", "card"}},
                     {session_summary(*session), ways_on(visit, *session, at_work)});
  content += {element("h2", "What happened"),
              element("section", {{"class", "card"}, {"aria-live", "polite"}},
                      {timeline(visit, *session, at_work), diagnosis(visit, *session),
                       element("p", link("/sessions/" + id + "/conversation",
                                         "The conversation with the teacher"))})};
  content += cluster_section(*session, true);
  content += edits(visit, *session);
  return {"Session " + session->id, "/sessions",
          element("div", {{"data-live", "session"}}, content), 200, at_work};
}

}  // namespace jarvis::dashboard
