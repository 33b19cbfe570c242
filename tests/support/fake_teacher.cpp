#include "tests/support/fake_teacher.hpp"

#include <algorithm>

namespace jarvis::testing {

namespace json = boost::json;

namespace {

using Use = TeacherTalk::Use;

json::object object_of(const std::string& text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  return !error && value.is_object() ? value.as_object() : json::object();
}

std::string string_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

/** Joins the texts of a message's content, in either shape. */
std::string words_of(const json::value& content) {
  if (content.is_string()) return std::string(content.as_string());
  std::string text;
  if (content.is_array())
    for (const json::value& block : content.as_array())
      if (string_in(block.as_object(), "type") == "text")
        text += string_in(block.as_object(), "text") + "\n";
  return text;
}

void take_result(TeacherTalk& talk, std::map<std::string, std::size_t>& places,
                 const std::string& id, const std::string& text) {
  talk.uses.at(places.at(id)).result = object_of(text);
}

std::vector<const Use*> uses_of(const TeacherTalk& talk, const std::string& name) {
  std::vector<const Use*> found;
  for (const Use& use : talk.uses)
    if (use.name == name) found.push_back(&use);
  return found;
}

std::vector<std::string> chosen_tasks(const TeacherTalk& talk, int wanted) {
  std::vector<std::string> ids;
  const auto listed = uses_of(talk, "list_personal_benchmark");
  if (listed.empty()) return ids;
  if (const json::value* tasks = listed.front()->result.if_contains("tasks"))
    for (const json::value& task : tasks->as_array())
      if (static_cast<int>(ids.size()) < wanted)
        ids.push_back(string_in(task.as_object(), "task_id"));
  return ids;
}

TeacherTurn on_each(const std::string& tool, const std::vector<std::string>& ids,
                    const TeacherTalk& talk) {
  TeacherTurn turn{"Next: " + tool + ".", {}};
  const auto output_of = [&](const std::string& runner, const std::string& id) {
    for (const Use* use : uses_of(talk, runner))
      if (string_in(use->input, "task_id") == id) return string_in(use->result, "output");
    return std::string();
  };
  for (const std::string& id : ids) {
    json::object input{{"task_id", id}};
    if (tool == "compare_outputs") {
      input["task"] = "as listed";
      input["student_output"] = output_of("run_student_on_task", id);
      input["teacher_output"] = output_of("run_self_on_task", id);
    }
    turn.uses.push_back({tool, std::move(input), {}});
  }
  return turn;
}

double share_of_scores(const TeacherTalk& talk, const std::string& field, bool succeeded) {
  int matching = 0, all = 0;
  for (const Use* use : uses_of(talk, "compare_outputs")) {
    const json::value* score = use->result.if_contains(field);
    if (!score || !score->is_number()) continue;
    ++all;
    matching += (score->to_number<double>() >= 0.5) == succeeded ? 1 : 0;
  }
  return all == 0 ? 0 : static_cast<double>(matching) / all;
}

std::string report(const std::vector<std::string>& ids, double failure, double success) {
  const json::array clusters{json::object{{"id", "lost-pieces"},
                                          {"description", "loses count of what was packed"},
                                          {"sample_trace_ids", json::array()},
                                          {"task_ids", json::value_from(ids)},
                                          {"student_failure_rate", failure},
                                          {"teacher_success_rate", success},
                                          {"skill_gap", "It multiplies and forgets to subtract."}}};
  return "# What I found\n\nThe student packs well and counts badly.\n\n```json\n" +
         json::serialize(clusters) + "\n```\n";
}

}  // namespace

TeacherTalk anthropic_talk(const json::object& body) {
  TeacherTalk talk;
  talk.offers_tools = body.contains("tools");
  talk.text = body.contains("system") ? words_of(body.at("system")) : std::string();
  std::map<std::string, std::size_t> places;
  for (const json::value& item : body.at("messages").as_array()) {
    const json::object& message = item.as_object();
    const json::value& content = message.at("content");
    const std::string words = words_of(content);
    talk.text += "\n" + words;
    if (string_in(message, "role") == "user") talk.last_words = words;
    if (!content.is_array()) continue;
    for (const json::value& value : content.as_array()) {
      const json::object& block = value.as_object();
      const std::string type = string_in(block, "type");
      if (type == "tool_use") {
        places[string_in(block, "id")] = talk.uses.size();
        talk.uses.push_back({string_in(block, "name"), block.at("input").as_object(), {}});
      } else if (type == "tool_result") {
        take_result(talk, places, string_in(block, "tool_use_id"), string_in(block, "content"));
      }
    }
  }
  return talk;
}

TeacherTalk chat_talk(const json::object& body) {
  TeacherTalk talk;
  talk.offers_tools = body.contains("tools");
  std::map<std::string, std::size_t> places;
  for (const json::value& item : body.at("messages").as_array()) {
    const json::object& message = item.as_object();
    const std::string role = string_in(message, "role");
    if (role == "tool") {
      take_result(talk, places, string_in(message, "tool_call_id"), string_in(message, "content"));
      continue;
    }
    const std::string words = words_of(message.at("content"));
    talk.text += words + "\n";
    if (role == "user") talk.last_words = words;
    if (const json::value* calls = message.if_contains("tool_calls"))
      for (const json::value& call : calls->as_array()) {
        const json::object& function = call.at("function").as_object();
        places[string_in(call.as_object(), "id")] = talk.uses.size();
        talk.uses.push_back(
            {string_in(function, "name"), object_of(string_in(function, "arguments")), {}});
      }
  }
  return talk;
}

TeacherTurn diagnose_next(const TeacherTalk& talk, const FakeBehaviour& behaviour) {
  if (uses_of(talk, "list_personal_benchmark").empty())
    return {"First I look around.",
            {{"get_current_config", {}, {}},
             {"list_traces", {{"max_feedback", 0.3}, {"limit", 5}}, {}},
             {"list_personal_benchmark", {{"limit", 50}}, {}}}};
  const auto ids = chosen_tasks(talk, behaviour.diagnosed_tasks);
  if (!behaviour.skips_evidence)
    for (const char* tool : {"run_student_on_task", "run_self_on_task", "compare_outputs"})
      if (uses_of(talk, tool).empty()) return on_each(tool, ids, talk);
  const double failure = share_of_scores(talk, "student_score", false);
  const double success = share_of_scores(talk, "teacher_score", true);
  return {report(ids, behaviour.claimed_rate.value_or(failure),
                 behaviour.claimed_rate.value_or(success)),
          {}};
}

std::string planned(const FakeBehaviour& behaviour) {
  if (behaviour.plans_nonsense) return "I would rather tell you about the herons of Ferrenmark.";
  return "Here is the plan.\n\n```json\n" +
         json::serialize(json::object{{"edits", behaviour.edits}}) + "\n```\n";
}

}  // namespace jarvis::testing
