#include "core/session/plan/plan.hpp"

#include <jarvis/text/utf8.hpp>
#include <map>

#include "core/base/digest.hpp"
#include "core/base/json_text.hpp"
#include "core/model/edit_json.hpp"
#include "core/ports/whole_answer.hpp"
#include "core/session/plan/catalogue_text.hpp"
#include "core/session/plan/history_text.hpp"
#include "core/session/plan/proposals.hpp"

namespace jarvis {

namespace {

constexpr std::int64_t kMaxOutputTokens = 8192;
constexpr std::size_t kPromptLimit = 16000;
constexpr std::size_t kBriefingLimit = 200000;

json::object cluster_json(const Cluster& cluster) {
  return {{"id", cluster.id},
          {"description", cluster.description},
          {"sample_trace_ids", json::value_from(cluster.sample_trace_ids)},
          {"student_failure_rate", number_or_null(cluster.student_failure_rate)},
          {"teacher_success_rate", number_or_null(cluster.teacher_success_rate)},
          {"skill_gap", cluster.skill_gap},
          {"query_class", cluster.query_class}};
}

/** The files that an op can change, and no others: what else lies below agents/ and tools/ is the
 * user's. */
bool is_briefed(const std::string& file) {
  const auto ends_with = [&](const std::string& end) {
    return file.size() > end.size() && file.compare(file.size() - end.size(), end.size(), end) == 0;
  };
  if (file == "tools/descriptions.toml") return true;
  return file.rfind("agents/", 0) == 0 &&
         (ends_with("/system_prompt.md") || ends_with("/few_shot.json"));
}

/** All that the planner is told: it has no tools to look things up with. */
std::string briefing(const PlanInputs& inputs) {
  json::array clusters;
  for (const Cluster& cluster : inputs.diagnosis.kept()) clusters.push_back(cluster_json(cluster));
  std::string text = inputs.diagnosis.narrative + "\n\nThe clusters, with measured rates:\n" +
                     pretty(clusters) + "\nThe student's configuration (config.toml as JSON):\n" +
                     pretty(inputs.config);
  if (const auto files = inputs.home.tracked_files())
    for (const std::string& file : *files)
      if (is_briefed(file) && text.size() < kBriefingLimit)
        if (const auto content = inputs.home.read(file); content && text::is_utf8(*content))
          text += "\nFile " + file + ":\n```\n" + shortened(*content, kPromptLimit) + "\n```\n";
  return text + history_text(inputs.past) + "\nAnswer with the JSON object of edits alone.";
}

Result<json::array> edits_in(const std::string& reply) {
  auto object = object_in_reply(reply);
  if (!object) return object.error();
  json::value* edits = object->if_contains("edits");
  if (!edits || !edits->is_array())
    return Error{ErrorKind::invalid, "there is no array 'edits'", ""};
  return std::move(edits->as_array());
}

/** The proposals, asked for once more when the reply cannot be read. */
Result<json::array> ask(const PlanInputs& inputs) {
  sdk::GenerateRequest request;
  request.system = replaced(inputs.prompts.system, "{ops}", catalogue_text(inputs.catalogue));
  request.messages.push_back({"user", briefing(inputs), {}, {}, {}});
  request.max_output_tokens = kMaxOutputTokens;
  Error error;
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto reply = whole_answer(inputs.teacher, Purpose::planning, request);
    if (!reply) return reply.error();
    (void)inputs.files.append("teacher_traces/plan.jsonl",
                              {{"timestamp", iso8601(inputs.clock.now())},
                               {"call", "planner"},
                               {"content_length", reply->message.text.size()},
                               {"text", reply->message.text},
                               {"stop_reason", reply->stop_reason},
                               {"tokens", reply->usage.input_tokens + reply->usage.output_tokens}});
    auto edits = edits_in(reply->message.text);
    if (edits) return edits;
    error = edits.error();
    request.messages.push_back(reply->message);
    request.messages.push_back(
        {"user", replaced(inputs.prompts.again, "{error}", error.message), {}, {}, {}});
  }
  return Error{ErrorKind::invalid, "the teacher's plan cannot be read: " + error.message,
               "run it again, or try another teacher model"};
}

json::object plan_json(const Plan& plan) {
  std::map<std::string, json::array> addressed;
  json::array edits, clusters;
  for (const Edit& edit : plan.edits) {
    addressed[edit.expected_improvement].push_back(json::value(edit.id));
    edits.push_back(to_json(edit));
  }
  for (const Cluster& cluster : plan.clusters) {
    json::object object = cluster_json(cluster);
    object["addressed_by_edit_ids"] = addressed[cluster.id];
    clusters.push_back(std::move(object));
  }
  return {{"session_id", plan.session_id},
          {"diagnosis_summary", plan.diagnosis_summary},
          {"failure_clusters", std::move(clusters)},
          {"edits", std::move(edits)},
          {"teacher_model", plan.teacher_model},
          {"estimated_cost_usd", 0.0},
          {"created_at", plan.created_at}};
}

}  // namespace

Result<PlanResult> make_plan(const PlanInputs& inputs) {
  const auto proposed = ask(inputs);
  if (!proposed) return proposed.error();
  const Proposals proposals(inputs.session_id, inputs.catalogue, inputs.differ, inputs.home,
                            inputs.privacy);
  PlanResult result;
  result.plan = {inputs.session_id,       shortened(inputs.diagnosis.narrative, 2000),
                 inputs.diagnosis.kept(), proposals.edits_from(*proposed),
                 inputs.teacher.model(),  iso8601(inputs.clock.now())};
  const auto frozen = inputs.files.freeze("plan.json", pretty(plan_json(result.plan)));
  if (!frozen) return frozen.error();
  result.sha256 = *frozen;
  return result;
}

Result<Plan> read_plan(const std::string& text, const std::string& expected_sha256) try {
  if (sha256(text) != expected_sha256)
    return Error{ErrorKind::refused, "plan.json is not the plan that was made: its SHA-256 differs",
                 "run a new session"};
  const json::object object = sdk::parse_object(text, "plan.json");
  Plan plan;
  plan.session_id = sdk::required_string(object, "session_id");
  plan.diagnosis_summary = sdk::optional_string(object, "diagnosis_summary");
  plan.teacher_model = sdk::optional_string(object, "teacher_model");
  plan.created_at = sdk::optional_string(object, "created_at");
  for (const json::value& value : sdk::optional_array(object, "edits"))
    plan.edits.push_back(edit_from_json(value.as_object()));
  return plan;
} catch (const std::exception& error) {
  return Error{ErrorKind::invalid, std::string("plan.json: ") + error.what(), ""};
}

}  // namespace jarvis
