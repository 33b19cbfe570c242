#include "plugins/students/chat/conversation.hpp"

#include <algorithm>
#include <jarvis/text/tool_list.hpp>

#include "plugins/shared/thoughts.hpp"
#include "plugins/students/chat/loop_guard.hpp"
#include "plugins/students/chat/steps.hpp"
#include "plugins/students/chat/text_protocol.hpp"

namespace jarvis::chat {

namespace {

constexpr int kMostContinuations = 2;
constexpr const char* kGoOn = "Go on exactly where you stopped.";

// All servers understand them.
constexpr const char* kOptionalSampling[] = {"top_p", "frequency_penalty", "presence_penalty"};

void add(sdk::Usage& sum, const sdk::Usage& part) {
  sum.input_tokens += part.input_tokens;
  sum.output_tokens += part.output_tokens;
  sum.cache_read_tokens += part.cache_read_tokens;
  sum.cache_write_tokens += part.cache_write_tokens;
  if (part.reported_cost_usd)
    sum.reported_cost_usd = sum.reported_cost_usd.value_or(0) + *part.reported_cost_usd;
}

/** Some chat templates make a call of the switch for a model's thoughts. */
bool is_thinking_switch(const sdk::ToolCall& call) {
  if (call.arguments.size() != 1 || !call.arguments.begin()->value().is_string()) return false;
  const json::string& text = call.arguments.begin()->value().get_string();
  return text == "/think" || text == "/no_think";
}

/** One query on its way through the student. */
class Conversation {
 public:
  Conversation(Engine& engine, const Question& question, const sdk::StudentRequest& request,
               const sdk::Host& host)
      : engine_(engine),
        question_(question),
        host_(host),
        tools_(question.settings, question.served, request, host) {
    sdk::GenerateRequest& conversation = request_.conversation;
    conversation.model = question.settings.model;
    conversation.temperature = question.temperature;
    conversation.max_output_tokens = question.max_tokens;
    conversation.system = system_prompt(question.settings, tools_.definitions());
    for (const text::Exemplar& exemplar : question.settings.exemplars) {
      say("user", exemplar.input);
      say("assistant", exemplar.output);
    }
    say("user", request.query);
    request_.sampling = question.sampling;
    if (question.settings.text_protocol) {
      request_.stops = {kStop};
    } else {
      conversation.tools = tools_.definitions();
      // Of the text protocol only the last part of a reply is for the user.
      request_.is_heard = request.streams;
    }
  }

  sdk::StudentResult run() {
    const bool text_protocol = question_.settings.text_protocol;
    for (turn_ = 1;; ++turn_) {
      // The last turn must end in an answer.
      request_.conversation.may_call_tools = !is_last_turn();
      sdk::Message reply = whole_reply();
      if (text_protocol ? is_done(read_step(reply.text)) : is_done(std::move(reply))) break;
    }
    result_.engine = engine_.name();
    result_.steps = steps_.take();
    return std::move(result_);
  }

 private:
  bool is_last_turn() const { return turn_ >= question_.max_turns || goes_in_circles_; }

  void say(const char* role, std::string text) {
    request_.conversation.messages.push_back({role, std::move(text), {}, {}, {}});
  }

  /** One reply without its thoughts, put together where its length cut it off. */
  sdk::Message whole_reply() {
    std::vector<sdk::Message>& messages = request_.conversation.messages;
    const std::size_t before = messages.size();
    sdk::GenerateResult part = generate();
    std::string text = part.message.text;
    for (int i = 0; i < kMostContinuations && goes_on(part); ++i) {
      say("assistant", part.message.text);
      say("user", kGoOn);
      part = generate();
      text += part.message.text;
    }
    messages.resize(before);
    heard_messages_ = before;
    part.message.text = shared::without_thoughts(text);
    return std::move(part.message);
  }

  bool goes_on(const sdk::GenerateResult& part) const {
    return question_.continues && part.stop_reason == "max_tokens" &&
           part.message.tool_calls.empty() && !part.message.text.empty();
  }

  sdk::GenerateResult generate() {
    if (host_.cancelled()) throw sdk::Failure(JARVIS_CANCELLED, "stopped while the student ran");
    const double started = steps_.now();
    sdk::GenerateResult result = engine_.ask(request_, host_);
    std::vector<sdk::ToolCall>& calls = result.message.tool_calls;
    calls.erase(std::remove_if(calls.begin(), calls.end(), is_thinking_switch), calls.end());
    steps_.add_generation(started, request_.conversation, heard_messages_, result);
    heard_messages_ = request_.conversation.messages.size();
    add(result_.usage, result.usage);
    result_.model = result.model;
    result_.turns = ++requests_;
    return result;
  }

  sdk::ToolResult call(const sdk::ToolCall& call) {
    const double started = steps_.now();
    const std::string objection = guard_.objection_to(call);
    goes_in_circles_ = goes_in_circles_ || !objection.empty();
    const sdk::ToolResult result =
        objection.empty() ? tools_.call(call) : sdk::ToolResult{call.id, objection, true};
    steps_.add_call(started, call, result);
    result_.tool_calls.push_back(call);
    return result;
  }

  /** Takes a reply in native form; runs the tools that it calls. */
  bool is_done(sdk::Message reply) {
    result_.output = reply.text;
    if (reply.tool_calls.empty() || is_last_turn()) return true;
    sdk::Message results{"tool", {}, {}, {}, {}};
    for (const sdk::ToolCall& wanted : reply.tool_calls)
      results.tool_results.push_back(call(wanted));
    request_.conversation.messages.push_back(std::move(reply));
    request_.conversation.messages.push_back(std::move(results));
    return false;
  }

  /** Takes a reply in the text protocol; runs the tool that it calls. */
  bool is_done(TextStep step) {
    result_.output = step.answer;
    if (!step.call || is_last_turn()) return true;
    step.call->id = "react_" + std::to_string(turn_);
    std::string observation = "Observation: " + call(*step.call).content;
    if (turn_ + 1 >= question_.max_turns || goes_in_circles_)
      observation += "\n\nThis was the last action. Reply with a Final Answer.";
    say("assistant", std::move(step.said));
    say("user", std::move(observation));
    return false;
  }

  Engine& engine_;
  const Question& question_;
  const sdk::Host& host_;
  StudentTools tools_;
  LoopGuard guard_;
  Steps steps_;
  ModelRequest request_;
  sdk::StudentResult result_;
  std::size_t heard_messages_ = 0;  ///< those that an earlier step holds
  std::int64_t turn_ = 1;
  std::int64_t requests_ = 0;
  bool goes_in_circles_ = false;
};

}  // namespace

Question question_for(const text::StudentHome& home, const sdk::StudentRequest& request) {
  Question question;
  text::StudentSettings& settings = question.settings;
  settings = text::student_settings(home, request.query_class, request.agent);
  if (!request.model.empty()) settings.model = request.model;
  if (settings.model.empty())
    throw sdk::invalid("config.toml names no model for the student",
                       "set intelligence.default_model");
  question.temperature =
      text::parameter_of(home, settings, "temperature").value_or(question.temperature);
  question.max_tokens = text::count_of(home, settings, "max_tokens", question.max_tokens);
  question.max_turns = text::count_of(home, settings, "max_turns", question.max_turns);
  for (const char* name : kOptionalSampling)
    if (const auto value = text::parameter_of(home, settings, name))
      question.sampling[name] = *value;
  question.continues = settings.agent_class == "orchestrator";
  if (settings.agent_class == "simple") {
    settings.tools.clear();
    question.max_turns = 1;
  } else if (settings.tools.empty() && !text::tools_of_agent(home.config, settings.agent).own) {
    question.served = Served::all;
  }
  return question;
}

sdk::StudentResult converse(Engine& engine, const Question& question,
                            const sdk::StudentRequest& request, const sdk::Host& host) {
  return Conversation(engine, question, request, host).run();
}

}  // namespace jarvis::chat
