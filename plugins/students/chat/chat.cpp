#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/chat_completions.hpp"
#include "plugins/students/chat/student_settings.hpp"
#include "plugins/students/chat/student_tools.hpp"

namespace {

namespace chat = jarvis::chat;
namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

shared::Provider provider_for(const std::string& base_url, const chat::StudentHome& home) {
  return {shared::with_version(base_url.empty() ? chat::engine_url(home) : base_url, "/v1"),
          "authorization",
          "Bearer ",
          {},
          "[learning.distillation.student]"};
}

[[noreturn]] void cannot_reach(const shared::Provider& provider, const sdk::Failure& cause) {
  throw sdk::unavailable(
      "the student's server cannot be reached at " + provider.base_url + ": " + cause.what(),
      "start it, or set learning.distillation.student.base_url");
}

void add(sdk::Usage& sum, const sdk::Usage& part) {
  sum.input_tokens += part.input_tokens;
  sum.output_tokens += part.output_tokens;
  sum.cache_read_tokens += part.cache_read_tokens;
  sum.cache_write_tokens += part.cache_write_tokens;
  if (part.reported_cost_usd)
    sum.reported_cost_usd = sum.reported_cost_usd.value_or(0) + *part.reported_cost_usd;
}

/** One query on its way through the student. */
class Conversation {
 public:
  Conversation(shared::Provider provider, chat::StudentSettings settings,
               const json::object& descriptions, const std::string& query, const sdk::Host& host)
      : provider_(std::move(provider)), settings_(std::move(settings)), host_(host) {
    request_.model = settings_.model;
    request_.system = settings_.system_prompt;
    request_.temperature = settings_.temperature;
    request_.tools = chat::offered_tools(settings_.tools, descriptions);
    for (const chat::Exemplar& exemplar : settings_.exemplars) {
      request_.messages.push_back({"user", exemplar.input, {}, {}, {}});
      request_.messages.push_back({"assistant", exemplar.output, {}, {}, {}});
    }
    request_.messages.push_back({"user", query, {}, {}, {}});
  }

  sdk::StudentResult run() {
    for (result_.turns = 1;; ++result_.turns) {
      if (host_.cancelled()) throw sdk::Failure(JARVIS_CANCELLED, "stopped while the student ran");
      // The last turn must end in an answer.
      request_.may_call_tools = result_.turns < settings_.max_turns;
      const sdk::GenerateResult reply = ask();
      add(result_.usage, reply.usage);
      result_.output = reply.message.text;
      result_.model = reply.model;
      if (reply.message.tool_calls.empty() || !request_.may_call_tools) return result_;
      answer_calls(reply.message);
    }
  }

 private:
  sdk::GenerateResult ask() {
    std::string body = body_text();
    sdk::HttpResult answer = shared::post(provider_, "/chat/completions", body, host_);
    if (answer.status == 400 && !request_.tools.empty()) {
      host_.warning("the student's server refuses tools, so it is asked without them: " +
                    shared::provider_text(answer.body));
      request_.tools.clear();
      body = body_text();
      answer = shared::post(provider_, "/chat/completions", body, host_);
    }
    return shared::chat_result(shared::body_of(answer, provider_), request_, body.size());
  }

  std::string body_text() const {
    json::object body = shared::chat_body(request_);
    body["max_tokens"] = settings_.max_tokens;
    if (settings_.top_p) body["top_p"] = *settings_.top_p;
    return json::serialize(body);
  }

  void answer_calls(const sdk::Message& message) {
    sdk::Message results{"tool", {}, {}, {}, {}};
    for (const sdk::ToolCall& call : message.tool_calls) {
      results.tool_results.push_back(chat::call_tool(call, request_.tools));
      result_.tool_calls.push_back(call);
    }
    request_.messages.push_back(message);
    request_.messages.push_back(std::move(results));
  }

  const shared::Provider provider_;
  const chat::StudentSettings settings_;
  const sdk::Host& host_;
  sdk::GenerateRequest request_;
  sdk::StudentResult result_;
};

class ChatStudent : public sdk::StudentRunner {
 public:
  sdk::StudentResult run(const sdk::StudentRequest& request, const sdk::Host& host) override {
    const auto home = homes_.read(request.home);
    return Conversation(provider_for(request.base_url, *home),
                        chat::settings_for(*home, request.query_class, request.agent),
                        home->descriptions, request.query, host)
        .run();
  }

  sdk::ProbeResult probe(const sdk::ProbeRequest& request, const sdk::Host& host) override {
    const shared::Provider provider = provider_for(request.base_url, *homes_.read(request.home));
    sdk::HttpRequest question;
    question.method = "GET";
    question.url = provider.base_url + "/models";
    question.key_header = provider.key_header;
    question.key_prefix = provider.key_prefix;
    try {
      return models_in(sdk::http_result(host.call("http", sdk::to_json(question))));
    } catch (const sdk::Failure& failure) {
      if (failure.status() == JARVIS_UNAVAILABLE || failure.status() == JARVIS_RETRYABLE)
        cannot_reach(provider, failure);
      throw;
    }
  }

 private:
  /** A server that answers anything is there; not every one can list its models. */
  static sdk::ProbeResult models_in(const sdk::HttpResult& answer) {
    sdk::ProbeResult result;
    boost::system::error_code error;
    const json::value body = json::parse(answer.body, error);
    if (answer.status != 200 || error || !body.is_object()) return result;
    for (const json::value& row : sdk::optional_array(body.as_object(), "data"))
      if (row.is_object())
        if (std::string id = sdk::optional_string(row.as_object(), "id"); !id.empty())
          result.models.push_back(std::move(id));
    return result;
  }

  chat::HomeReader homes_;
};

}  // namespace

JARVIS_PLUGIN(ChatStudent, "chat", "0.1.0")
