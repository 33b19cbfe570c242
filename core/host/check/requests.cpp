#include "core/host/check/requests.hpp"

#include <algorithm>
#include <jarvis/sdk/payload/edit.hpp>
#include <jarvis/sdk/payload/judge.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/sdk/payload/tool.hpp>

namespace jarvis {

namespace {

constexpr const char* kNobody = "http://127.0.0.1:9/v1";
constexpr const char* kQuestion = "What is 17 * 23?";
constexpr std::size_t kDeep = 100'000;

/** The fields of text without which a request makes no sense. */
std::vector<const char*> required_fields(PluginFunction function) {
  switch (function) {
    case PluginFunction::edit_validate:
    case PluginFunction::edit_apply:
      return {"op", "home"};
    case PluginFunction::tool_call:
      return {"tool"};
    case PluginFunction::teacher_generate:
      return {"model"};
    case PluginFunction::student_run:
      return {"home", "query"};
    case PluginFunction::student_probe:
      return {"home"};
    case PluginFunction::judge_score:
      return {"query", "gold", "answer"};
  }
  return {};
}

json::object generate_request_for(const Provided& provided) {
  sdk::GenerateRequest request;
  request.model = provided.serves.empty() ? "model" : provided.serves.front() + "model";
  request.base_url = provided.base_url;
  request.system = "You are asked one question.";
  request.messages.push_back({"user", kQuestion, {}, {}, {}});
  request.tools.push_back({"list_traces", "Lists traces", {{"type", "object"}}});
  return sdk::to_json(request);
}

std::string text_for(const json::object& schema) {
  const auto least = sdk::optional_integer(schema, "minLength", 0);
  const auto most = sdk::optional_integer(schema, "maxLength", 1000);
  std::string text = "example";
  text.resize(
      static_cast<std::size_t>(std::clamp<std::int64_t>(
          static_cast<std::int64_t>(text.size()), std::min<std::int64_t>(least, 10'000), most)),
      'e');
  return text;
}

}  // namespace

json::value sample_of(const json::object& schema) {
  if (const json::value* value = schema.if_contains("default")) return *value;
  if (const json::array values = sdk::optional_array(schema, "enum"); !values.empty())
    return values.front();
  std::string type = sdk::optional_string(schema, "type");
  if (const json::array types = sdk::optional_array(schema, "type"); !types.empty())
    type = sdk::strings_of(types).front();
  if (type == "object") return sample_object(schema);
  if (type == "string") return json::value(text_for(schema));
  if (type == "boolean") return false;
  if (type == "null") return nullptr;
  if (type == "array") {
    json::array items;
    for (auto i = sdk::optional_integer(schema, "minItems", 0); i > 0 && items.size() < 100; --i)
      items.push_back(sample_of(sdk::optional_object(schema, "items")));
    return items;
  }
  const double number = std::clamp(1.0, sdk::optional_number(schema, "minimum").value_or(1),
                                   sdk::optional_number(schema, "maximum").value_or(1e300));
  if (type == "number") return number;
  return static_cast<std::int64_t>(number);
}

json::object sample_object(const json::object& schema) {
  json::object sample;
  const auto required = sdk::strings_of(sdk::optional_array(schema, "required"));
  for (const auto& [name, rules] : sdk::optional_object(schema, "properties")) {
    if (!rules.is_object()) continue;
    const bool is_required =
        std::find(required.begin(), required.end(), std::string(name)) != required.end();
    if (is_required || rules.as_object().contains("default"))
      sample[name] = sample_of(rules.as_object());
  }
  return sample;
}

json::object sound_request(PluginFunction function, const Provided& provided,
                           const std::string& home) {
  switch (function) {
    case PluginFunction::edit_validate:
    case PluginFunction::edit_apply:
      return sdk::to_json(sdk::EditRequest{provided.id, "", provided.example, home});
    case PluginFunction::tool_call:
      return sdk::to_json(sdk::ToolRequest{provided.id, sample_object(provided.parameters)});
    case PluginFunction::teacher_generate:
      return generate_request_for(provided);
    case PluginFunction::student_run:
      return sdk::to_json(sdk::StudentRequest{home, kQuestion, "math", "", kNobody});
    case PluginFunction::student_probe:
      return sdk::to_json(sdk::ProbeRequest{home, kNobody});
    case PluginFunction::judge_score:
      return sdk::to_json(sdk::JudgeRequest{kQuestion, "391", "It is 391."});
  }
  return {};
}

std::vector<MalformedRequest> malformed_requests(PluginFunction function,
                                                 const json::object& sound) {
  const std::string whole = json::serialize(sound);
  std::vector<MalformedRequest> requests{
      {"an empty text", ""},
      {"text that is no JSON", "obey"},
      {"half a request", whole.substr(0, whole.size() / 2)},
      {"lists nested 100000 deep", std::string(kDeep, '[')},
      {"a list", "[]"},
      {"null", "null"},
      {"an object without fields", "{}"},
  };
  for (const char* field : required_fields(function)) {
    // An edit in no home must never be taken for made.
    const bool strict = interface_of(function) == std::string_view(JARVIS_EDIT_APPLIER_1) &&
                        field == std::string_view("home");
    json::object changed = sound;
    changed.erase(field);
    requests.push_back(
        {"a request without '" + std::string(field) + "'", json::serialize(changed), strict});
    changed[field] = json::array();
    requests.push_back(
        {"a list in the place of '" + std::string(field) + "'", json::serialize(changed), strict});
  }
  return requests;
}

}  // namespace jarvis
