#include "core/dashboard/timeline.hpp"

#include <algorithm>

#include "core/base/figures.hpp"
#include "core/daemon/local_time.hpp"
#include "core/dashboard/json_lines.hpp"
#include "core/dashboard/wording.hpp"
#include "core/home/paths.hpp"
#include "core/ports/clock.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::size_t kMostSteps = 200;
constexpr std::size_t kMostNotes = 5;
constexpr std::size_t kClockLength = 8;

std::string clock_text(const std::string& at) {
  const double time = time_of_iso8601(at);
  return time > 0 ? local_iso8601(time).substr(11, kClockLength) : at;
}

Html step_line(const std::string& at, const char* kind, const Html& text) {
  Html content;
  if (!at.empty()) content += element("time", {{"datetime", at}}, clock_text(at));
  content += text;
  return element("li", {{"class", kind}}, content);
}

bool is_count(const json::object& step) {
  return sdk::optional_integer(step, "total") > 0 &&
         sdk::optional_string(step, "state") == "progress";
}

Html count_text(const json::object& step) {
  const std::string what = sdk::optional_string(step, "what", "gate");
  Html text{what + ": " + std::to_string(sdk::optional_integer(step, "done")) + " of " +
            std::to_string(sdk::optional_integer(step, "total"))};
  if (const auto delta = sdk::optional_number(step, "delta")) text += {", ", gain(*delta)};
  const json::array interval = sdk::optional_array(step, "interval");
  if (interval.size() == 2 && interval[0].is_number() && interval[1].is_number())
    text += " (90 %: " + points(interval[0].to_number<double>()) + " to " +
            points(interval[1].to_number<double>()) + ")";
  return text;
}

std::string phase_name(const std::string& step) {
  if (step == "diagnose") return "Diagnosis";
  if (step == "plan") return "Plan";
  if (step == "execute") return "Trials";
  if (step == "apply") return "Apply";
  if (step == "gate") return "Gate";
  if (step == "edit") return "Edit";
  return step;
}

Html end_text(const json::object& step) {
  Html text;
  const auto add = [&](const std::string& key, const char* before) {
    if (const auto value = sdk::optional_string(step, key); !value.empty()) text += before + value;
  };
  if (const auto status = edit_status_from(sdk::optional_string(step, "status")))
    text += {" ", badge(*status)};
  else
    add("status", ": ");
  if (const auto delta = sdk::optional_number(step, "delta")) text += {", ", gain(*delta)};
  if (const auto commit = sdk::optional_string(step, "commit"); !commit.empty())
    text += ", commit " + commit.substr(0, 8);
  add("error", ": ");
  return text;
}

Html step_text(const json::object& step, const std::string& session_id) {
  const std::string name = sdk::optional_string(step, "step");
  const std::string state = sdk::optional_string(step, "state");
  if (is_count(step)) return count_text(step);
  if (const auto text = sdk::optional_string(step, "text"); !text.empty()) return text;
  if (name == "tool") return "Teacher's tool " + sdk::optional_string(step, "name");
  Html text = phase_name(name);
  if (const auto id = sdk::optional_string(step, "edit_id"); !id.empty())
    text += {" ", is_id(id) ? link("/sessions/" + session_id + "#" + id, element("code", id))
                            : element("code", id)};
  if (const auto op = sdk::optional_string(step, "op"); !op.empty()) text += " " + op;
  if (state == "begin") text += " begins";
  if (state == "end") text += {" ends", end_text(step)};
  return text;
}

bool is_note(const json::object& step) {
  return sdk::optional_string(step, "state") == "progress";
}

bool says_what_steps_say(const json::object& note, const json::object& next) {
  if (sdk::optional_string(note, "step") != "note") return false;
  return sdk::optional_string(next, "state") == "begin" ||
         sdk::optional_string(note, "text").rfind("edit ", 0) == 0;
}

/** Without counts that are passed, and without notes that say what the next step says. */
std::vector<json::object> without_repetition(std::vector<json::object> steps) {
  std::vector<json::object> kept;
  for (json::object& step : steps) {
    if (!kept.empty() && (is_count(kept.back()) || says_what_steps_say(kept.back(), step)))
      kept.back() = std::move(step);
    else
      kept.push_back(std::move(step));
  }
  return kept;
}

Html progress_of(const std::vector<json::object>& steps) {
  if (steps.empty()) return {};
  const json::object& last = steps.back();
  Html content;
  if (is_count(last))
    content += element("progress",
                       {{"max", std::to_string(sdk::optional_integer(last, "total"))},
                        {"value", std::to_string(sdk::optional_integer(last, "done"))},
                        {"aria-label", "Runs of this trial"}},
                       {});
  const auto spent = sdk::optional_number(last, "spent_usd");
  const auto cap = sdk::optional_number(last, "cap_usd");
  if (spent && cap)
    content += element("p", {{"class", "soft small"}},
                       dollars(*spent) + " of at most " + dollars(*cap) + " spent");
  return content;
}

Html step_item(const json::object& step, const std::string& session_id) {
  const bool is_bad = !sdk::optional_string(step, "error").empty() &&
                      sdk::optional_string(step, "status") != "pending_review";
  return step_line(sdk::optional_string(step, "at"),
                   is_bad          ? "bad"
                   : is_note(step) ? ""
                                   : "main",
                   step_text(step, session_id));
}

Html folded_steps(const std::vector<json::object>& steps, std::size_t first, std::size_t end,
                  const std::string& session_id) {
  Html lines;
  for (std::size_t i = first; i < end; ++i) lines += step_item(steps[i], session_id);
  const Html list = element("ol", {{"class", "steps"}}, lines);
  return element("li", element("details", {{"id", "steps-" + std::to_string(first)}},
                               {element("summary", counted(end - first, "step", "steps")), list}));
}

Html recorded(const Session& session) {
  Html lines = step_line(session.started_at, "main", "Session begins");
  if (!session.clusters.empty())
    lines += step_line("", "",
                       counted(session.clusters.size(), "cluster of failures found",
                               "clusters of failures found"));
  if (!session.plan_path.empty())
    lines += step_line("", "", counted(session.outcomes.size(), "edit planned", "edits planned"));
  for (const EditOutcome& outcome : session.outcomes)
    if (outcome.reached)
      lines += step_line(outcome.applied_at, "",
                         {link("/sessions/" + session.id + "#" + outcome.edit.id, outcome.edit.op),
                          " ", badge(outcome.status)});
  if (!session.ended_at.empty())
    lines += step_line(session.ended_at, session.error.empty() ? "main" : "bad", "Session ends");
  return element("ol", {{"class", "steps"}}, lines);
}

}  // namespace

SessionSteps steps_of(const std::filesystem::path& home, const std::string& session_id) {
  SessionSteps steps;
  steps.lines =
      read_json_lines(home / kSessionsFolder / session_id / "steps.jsonl", kMostBytes, steps.cut);
  return steps;
}

Html timeline(const Visit& visit, const Session& session, bool at_work) {
  return timeline(steps_of(visit.desk.parts.home, session.id), session, at_work);
}

Html timeline(SessionSteps known, const Session& session, bool at_work) {
  const auto steps = without_repetition(std::move(known.lines));
  if (steps.empty()) return recorded(session);
  Html content = at_work ? progress_of(steps) : Html();
  const std::size_t first = steps.size() > kMostSteps ? steps.size() - kMostSteps : 0;
  if (known.cut || first > 0)
    content += element("p", {{"class", "soft small"}}, "The newest steps are shown.");
  Html lines;
  for (std::size_t i = first; i < steps.size();) {
    std::size_t end = i;
    while (end < steps.size() && is_note(steps[end])) ++end;
    if (end - i > kMostNotes) {
      // What is going on now is seen; what is over is folded up.
      const std::size_t folded = end == steps.size() ? end - kMostNotes : end;
      lines += folded_steps(steps, i, folded, session.id);
      i = folded;
    } else {
      lines += step_item(steps[i++], session.id);
    }
  }
  content += element("ol", {{"class", "steps"}}, lines);
  return content;
}

}  // namespace jarvis::dashboard
