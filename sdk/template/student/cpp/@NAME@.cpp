#include <jarvis/sdk/plugin.hpp>
#include <jarvis/text/student_home.hpp>
#include <string>

namespace {

namespace sdk = jarvis::sdk;
namespace json = boost::json;
namespace text = jarvis::text;

/** An address below the student's endpoint, which users give with or without its version. */
std::string address(std::string base_url, const std::string& path) {
  if (base_url.empty())
    throw sdk::unavailable("it is not known where the student listens",
                           "set learning.distillation.student.base_url");
  while (!base_url.empty() && base_url.back() == '/') base_url.pop_back();
  const bool has_version =
      base_url.size() > 3 && base_url.compare(base_url.size() - 3, 3, "/v1") == 0;
  return base_url + (has_version ? "" : "/v1") + path;
}

/** Asks the student's server by way of the host. Gives the answer's JSON object. */
json::object ask(const sdk::HttpRequest& question, const sdk::Host& host) {
  const sdk::HttpResult answer = sdk::http_result(host.call("http", sdk::to_json(question)));
  const std::string said =
      "the student's server answered with status " + std::to_string(answer.status);
  if (answer.status == 429 || answer.status >= 500) throw sdk::retryable(said);
  if (answer.status < 200 || answer.status > 299) throw sdk::unavailable(said);
  return sdk::parse_object(answer.body, "the answer of the student's server");
}

json::object first_message(const json::object& reply) {
  for (const json::value& choice : sdk::optional_array(reply, "choices"))
    if (choice.is_object()) return sdk::optional_object(choice.as_object(), "message");
  throw sdk::retryable("the student's server gave no choice");
}

/** Called from many threads at once: it keeps no state of its own. */
class ChatStudent : public sdk::StudentRunner {
 public:
  sdk::StudentResult run(const sdk::StudentRequest& request, const sdk::Host& host) override {
    const text::StudentSettings settings = text::student_settings(
        text::read_student_home(request.home), request.query_class, request.agent);
    json::array messages;
    if (!settings.system_prompt.empty())
      messages.push_back({{"role", "system"}, {"content", settings.system_prompt}});
    messages.push_back({{"role", "user"}, {"content", request.query}});
    sdk::HttpRequest question;
    question.url = address(request.base_url, "/chat/completions");
    question.headers = {{"content-type", "application/json"}};
    question.body =
        json::serialize(json::object{{"model", settings.model}, {"messages", std::move(messages)}});
    question.key_header = "authorization";
    question.key_prefix = "Bearer ";
    const json::object reply = ask(question, host);
    sdk::StudentResult result;
    result.output = sdk::optional_string(first_message(reply), "content");
    result.model = sdk::optional_string(reply, "model", settings.model);
    const json::object usage = sdk::optional_object(reply, "usage");
    result.usage.input_tokens = sdk::optional_integer(usage, "prompt_tokens");
    result.usage.output_tokens = sdk::optional_integer(usage, "completion_tokens");
    return result;
  }

  sdk::ProbeResult probe(const sdk::ProbeRequest& request, const sdk::Host& host) override {
    sdk::HttpRequest question;
    question.method = "GET";
    question.url = address(request.base_url, "/models");
    question.key_header = "authorization";
    question.key_prefix = "Bearer ";
    sdk::ProbeResult result;
    for (const json::value& model : sdk::optional_array(ask(question, host), "data"))
      if (model.is_object()) result.models.push_back(sdk::optional_string(model.as_object(), "id"));
    return result;
  }
};

}  // namespace

JARVIS_PLUGIN(ChatStudent, "@NAME@", "0.1.0")
