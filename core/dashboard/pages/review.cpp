#include <optional>

#include "core/dashboard/edit_view.hpp"
#include "core/dashboard/pages.hpp"
#include "core/dashboard/wording.hpp"

namespace jarvis::dashboard {

namespace {

/** The queued edit as its session recorded it; without a verdict where it was not tried yet. */
struct Recorded {
  Session session;
  EditOutcome outcome;
};

std::optional<Recorded> recorded(const Visit& visit, const QueuedEdit& queued) {
  auto session = visit.desk.recorder.sessions().find(queued.session_id);
  if (!session) return std::nullopt;
  for (const EditOutcome& outcome : session->outcomes)
    if (outcome.edit.id == queued.edit.id) return Recorded{*session, outcome};
  return std::nullopt;
}

Html decisions(const Visit& visit, const QueuedEdit& queued) {
  const std::string& id = queued.edit.id;
  const std::string address = "/review/" + id, field = "reason-" + id;
  const Html reason{
      element("div", {{"class", "field"}},
              {element("label", {{"for", field}}, "Reason, kept with the session (may be empty)"),
               empty_element("input", {{"type", "text"},
                                       {"name", "reason"},
                                       {"id", field},
                                       {"maxlength", "500"},
                                       {"autocomplete", "off"}})}),
      button("Reject", "danger")};
  return {element("div", {{"class", "actions"}},
                  form(visit, address + "/approve",
                       button("Approve: try it and apply it if it helps"))),
          form(visit, address + "/reject", element("div", {{"class", "actions"}}, reason))};
}

Html card(const Visit& visit, const QueuedEdit& queued) {
  const Edit& edit = queued.edit;
  Html content = element(
      "div", {{"class", "edit-head"}},
      {element("h2", edit.op),
       element("span", {{"class", "soft small"}},
               {element("code", edit.id), " · ", std::string(to_string(edit.tier)), " · ",
                edit.target, " · from ", link("/sessions/" + queued.session_id, "its session")})});
  content += element("p", queued.reason);
  if (!edit.rationale.empty())
    content += element("p", {element("span", {{"class", "soft"}}, "Why: "), edit.rationale});
  const auto known = recorded(visit, queued);
  if (known && known->outcome.verdict)
    content += edit_evidence(
        known->outcome,
        VerdictEvidence(visit.desk.parts.home, visit.desk.parts.clock, known->session));
  else
    content += diff_view(queued.diff);
  content += decisions(visit, queued);
  return element("section", {{"class", "card"}, {"id", edit.id}}, content);
}

Html running_actions(const Visit& visit) {
  Html notes;
  for (const Action& action : visit.desk.actions.list())
    if (action.is_running())
      notes += note("live",
                    {"Running: ", link("/actions/" + std::to_string(action.number), action.title)});
  return notes;
}

}  // namespace

Page review_page(const Visit& visit) {
  std::vector<std::string> broken;
  const auto queue = visit.desk.recorder.queue().list(broken);
  Html list = running_actions(visit);
  if (queue.empty()) list += element("p", {{"class", "card empty"}}, "Nothing waits for review.");
  for (const QueuedEdit& queued : queue) list += card(visit, queued);
  for (const std::string& reason : broken) list += note("warn", "Unreadable: " + reason);
  return {"Review", "/review",
          Html{element("h1", "Review"),
               element("p", {{"class", "lead"}},
                       "Edits that wait for you. An approved edit is tried on the benchmark first, "
                       "and is applied only if it helps."),
               element("div", {{"data-live", "review"}}, list)}};
}

}  // namespace jarvis::dashboard
