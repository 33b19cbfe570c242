#include "plugins/students/chat/conversation.hpp"

#include "plugins/shared/chat_completions.hpp"
#include "plugins/students/chat/student_tools.hpp"
#include "plugins/students/chat/text_protocol.hpp"

namespace jarvis::chat {

namespace {

constexpr double kTemperature = 0.7;
constexpr std::int64_t kMaxTokens = 1024;
constexpr std::int64_t kMaxTurns = 10;

// The protocol has them, so that every server understands them.
constexpr const char* kOptionalSampling[] = {"top_p", "frequency_penalty", "presence_penalty"};

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
  Conversation(const shared::Provider& provider, const Question& question, const sdk::Host& host)
      : provider_(provider), question_(question), host_(host) {
    const text::StudentSettings& settings = question.settings;
    offered_ = offered_tools(settings.tools, settings.descriptions);
    request_.model = settings.model;
    request_.system = system_prompt(settings, offered_);
    for (const text::Exemplar& exemplar : settings.exemplars) {
      request_.messages.push_back({"user", exemplar.input, {}, {}, {}});
      request_.messages.push_back({"assistant", exemplar.output, {}, {}, {}});
    }
    request_.messages.push_back({"user", question.query, {}, {}, {}});
  }

  sdk::StudentResult run() {
    const bool text_protocol = question_.settings.text_protocol;
    if (!text_protocol) request_.tools = offered_;
    for (result_.turns = 1;; ++result_.turns) {
      if (host_.cancelled()) throw sdk::Failure(JARVIS_CANCELLED, "stopped while the student ran");
      const sdk::GenerateResult reply = ask();
      add(result_.usage, reply.usage);
      result_.model = reply.model;
      if (text_protocol ? is_done(read_step(reply.message.text)) : is_done(reply.message))
        return result_;
    }
  }

 private:
  bool is_last_turn() const { return result_.turns >= question_.max_turns; }

  sdk::GenerateResult ask() {
    // The last turn must end in an answer.
    request_.may_call_tools = !is_last_turn();
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
    for (const auto& [name, value] : question_.sampling) body[name] = value;
    if (question_.settings.text_protocol) body["stop"] = json::array{kStop};
    return json::serialize(body);
  }

  /** Takes a reply in native form; runs the tools that it calls. */
  bool is_done(const sdk::Message& message) {
    result_.output = message.text;
    if (message.tool_calls.empty() || is_last_turn()) return true;
    sdk::Message results{"tool", {}, {}, {}, {}};
    for (const sdk::ToolCall& call : message.tool_calls) {
      results.tool_results.push_back(call_tool(call, request_.tools));
      result_.tool_calls.push_back(call);
    }
    request_.messages.push_back(message);
    request_.messages.push_back(std::move(results));
    return false;
  }

  /** Takes a reply in the text protocol; runs the tool that it calls. */
  bool is_done(TextStep step) {
    result_.output = step.answer;
    if (!step.call || is_last_turn()) return true;
    step.call->id = "react_" + std::to_string(result_.turns);
    std::string observation = "Observation: " + call_tool(*step.call, offered_).content;
    if (result_.turns + 1 >= question_.max_turns)
      observation += "\n\nThis was the last action. Reply with a Final Answer.";
    result_.tool_calls.push_back(std::move(*step.call));
    request_.messages.push_back({"assistant", std::move(step.said), {}, {}, {}});
    request_.messages.push_back({"user", std::move(observation), {}, {}, {}});
    return false;
  }

  const shared::Provider& provider_;
  const Question& question_;
  const sdk::Host& host_;
  std::vector<sdk::ToolDefinition> offered_;
  sdk::GenerateRequest request_;
  sdk::StudentResult result_;
};

}  // namespace

Question question_for(const text::StudentHome& home, const sdk::StudentRequest& request) {
  Question question{
      request.query, text::student_settings(home, request.query_class, request.agent), {}};
  const text::StudentSettings& settings = question.settings;
  if (settings.model.empty())
    throw sdk::invalid("config.toml names no model for the student",
                       "set intelligence.default_model");
  question.sampling["temperature"] =
      text::parameter_of(home, settings, "temperature").value_or(kTemperature);
  question.sampling["max_tokens"] = text::count_of(home, settings, "max_tokens", kMaxTokens);
  for (const char* name : kOptionalSampling)
    if (const auto value = text::parameter_of(home, settings, name))
      question.sampling[name] = *value;
  question.max_turns = text::count_of(home, settings, "max_turns", kMaxTurns);
  return question;
}

sdk::StudentResult converse(const shared::Provider& provider, const Question& question,
                            const sdk::Host& host) {
  return Conversation(provider, question, host).run();
}

}  // namespace jarvis::chat
