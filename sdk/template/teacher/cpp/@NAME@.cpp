#include <jarvis/sdk/plugin.hpp>
#include <string>
#include <utility>

namespace {

namespace sdk = jarvis::sdk;
namespace json = boost::json;

constexpr const char* kBaseUrl = "https://api.example.com/v1";

/** The request in the provider's form. This one takes messages and tools as the SDK writes them. */
json::object body_of(const sdk::GenerateRequest& request) {
  json::array messages, tools;
  for (const sdk::Message& message : request.messages) messages.push_back(sdk::to_json(message));
  for (const sdk::ToolDefinition& tool : request.tools) tools.push_back(sdk::to_json(tool));
  json::object body{{"model", request.model},
                    {"system", request.system},
                    {"messages", std::move(messages)},
                    {"tools", std::move(tools)},
                    {"may_call_tools", request.may_call_tools},
                    {"max_tokens", request.max_output_tokens}};
  if (request.temperature) body["temperature"] = *request.temperature;
  return body;
}

/** The host adds the key to the header that is named here; the plugin never sees it. */
sdk::HttpResult post(const sdk::GenerateRequest& request, const sdk::Host& host) {
  std::string base = request.base_url.empty() ? kBaseUrl : request.base_url;
  while (!base.empty() && base.back() == '/') base.pop_back();
  sdk::HttpRequest question;
  question.url = base + "/complete";
  question.headers = {{"content-type", "application/json"}};
  question.body = json::serialize(body_of(request));
  question.key_header = "x-api-token";
  return sdk::http_result(host.call("http", sdk::to_json(question)));
}

/** The status tells the host what to do: ask again, give up, or tell the user what to mend. */
void require_success(const sdk::HttpResult& answer) {
  if (answer.status >= 200 && answer.status <= 299) return;
  const std::string said = "the provider answered with status " + std::to_string(answer.status);
  if (answer.status == 401 || answer.status == 403)
    throw sdk::unavailable(said, "check the key in the environment variable EXAMPLE_API_TOKEN");
  if (answer.status == 429 || answer.status >= 500) throw sdk::retryable(said);
  throw sdk::invalid(said);
}

/** Called from many threads at once: it keeps no state of its own. */
class ExampleTeacher : public sdk::TeacherEngine {
 public:
  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    const sdk::HttpResult answer = post(request, host);
    require_success(answer);
    const json::object reply = sdk::parse_object(answer.body, "the provider's answer");
    sdk::GenerateResult result;
    result.message.role = "assistant";
    result.message.text = sdk::optional_string(reply, "text");
    for (const json::value& call : sdk::optional_array(reply, "tool_calls"))
      if (call.is_object())
        result.message.tool_calls.push_back({sdk::required_string(call.as_object(), "id"),
                                             sdk::required_string(call.as_object(), "name"),
                                             sdk::optional_object(call.as_object(), "arguments")});
    result.stop_reason = result.message.tool_calls.empty()
                             ? sdk::optional_string(reply, "stop_reason", "end")
                             : "tool_calls";
    result.model = sdk::optional_string(reply, "model", request.model);
    const json::object usage = sdk::optional_object(reply, "usage");
    result.usage.input_tokens = sdk::optional_integer(usage, "input");
    result.usage.output_tokens = sdk::optional_integer(usage, "output");
    return result;
  }
};

}  // namespace

JARVIS_PLUGIN(ExampleTeacher, "@NAME@", "0.1.0")
