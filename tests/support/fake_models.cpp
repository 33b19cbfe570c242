#include "tests/support/fake_models.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "tests/support/event_stream.hpp"
#include "tests/support/fake_teacher.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/support/wire_check.hpp"

namespace jarvis::testing {

namespace {

using Part = FakeCall::Part;

struct Tokens {
  std::size_t in = 0;
  std::size_t out = 0;
};

bool begins(const std::string& text, const std::string& start) {
  return text.rfind(start, 0) == 0;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string header(const RecordedRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

ScriptedReply refusal(int status, const std::string& target, const std::string& message,
                      FakeCall& call) {
  call.part = Part::refused;
  call.answer = message;
  const boost::json::object error{{"type", "invalid_request_error"}, {"message", message}};
  if (target == "/v1/messages") return json_reply({{"type", "error"}, {"error", error}}, status);
  return json_reply({{"error", error}}, status);
}

/** The most output tokens that the request allows. */
std::size_t limit_in(const boost::json::object& body) {
  for (const char* name : {"max_tokens", "max_completion_tokens"})
    if (const auto* limit = body.if_contains(name)) return limit->to_number<std::size_t>();
  return 4096;
}

std::string final_line(const std::string& text) {
  const std::size_t at = text.rfind("FINAL ");
  return at == std::string::npos ? std::string() : text.substr(at);
}

/** Nothing for a question that is none of the made-up home's: nobody here knows its answer. */
std::optional<std::size_t> number_in(const std::string& text) {
  return holds_question(text) ? std::make_optional(number_of(text)) : std::nullopt;
}

std::string final_answer(const std::optional<std::size_t>& question, bool right = true) {
  return "FINAL " + (question && right ? right_answer(*question) : std::string("unknown"));
}

/** The object with the three texts that a judge is asked about; empty when the words hold none. */
boost::json::object judged_texts(const std::string& words) {
  boost::system::error_code error;
  const auto value = boost::json::parse(words, error);
  const bool is_one = !error && value.is_object() && value.as_object().contains("candidate_answer");
  return is_one ? value.as_object() : boost::json::object();
}

void judge(const boost::json::object& texts, FakeCall& call) {
  call.part = Part::judge;
  call.question = number_in(boost::json::value_to<std::string>(texts.at("question")));
  call.candidate = boost::json::value_to<std::string>(texts.at("candidate_answer"));
  const boost::json::value* const given = texts.if_contains("reference_answer");
  const std::string reference =
      given ? boost::json::value_to<std::string>(*given)
            : right_answer(number_of(boost::json::value_to<std::string>(texts.at("question"))));
  call.score =
      final_line(reference) == final_line(call.candidate) && !final_line(reference).empty() ? 1 : 0;
  call.answer =
      boost::json::serialize(boost::json::object{{"score", call.score}, {"reason", "final lines"}});
}

/** What the teacher says to these words; may ask for tools. */
TeacherTurn teacher_turn(const TeacherTalk& talk, const FakeBehaviour& behaviour, FakeCall& call) {
  if (const auto texts = judged_texts(talk.last_words); !texts.empty()) {
    judge(texts, call);
    return {call.answer, {}};
  }
  TeacherTurn turn;
  if (talk.offers_tools) {
    call.part = Part::diagnosis;
    turn = diagnose_next(talk, behaviour);
  } else if (has(talk.text, "You plan edits")) {
    call.part = Part::plan;
    if (behaviour.before_plan) behaviour.before_plan();
    turn.text = planned(behaviour);
  } else {
    call.part = Part::answer;
    call.question = number_in(talk.last_words);
    turn.text = "The ledger says:\n" + final_answer(call.question);
  }
  call.answer = turn.text;
  return turn;
}

bool wants_stream(const boost::json::object& body) {
  const boost::json::value* stream = body.if_contains("stream");
  return stream && stream->is_bool() && stream->as_bool();
}

std::string call_id(const RecordedRequest& request, std::size_t index) {
  return "call_" + std::to_string(request.body.size()) + "_" + std::to_string(index);
}

ScriptedReply anthropic_reply(const RecordedRequest& request, const TeacherTurn& turn,
                              const std::string& model, const Tokens& tokens) {
  boost::json::array content;
  if (!turn.text.empty())
    content.push_back(boost::json::object{{"type", "text"}, {"text", turn.text}});
  for (std::size_t i = 0; i < turn.uses.size(); ++i)
    content.push_back(boost::json::object{{"type", "tool_use"},
                                          {"id", call_id(request, i)},
                                          {"name", turn.uses[i].name},
                                          {"input", turn.uses[i].input}});
  const boost::json::object message{
      {"id", "msg_fake"},
      {"type", "message"},
      {"role", "assistant"},
      {"model", model},
      {"content", std::move(content)},
      {"stop_reason", turn.uses.empty() ? "end_turn" : "tool_use"},
      {"usage", {{"input_tokens", tokens.in}, {"output_tokens", tokens.out}}}};
  return wants_stream(request.json()) ? anthropic_stream(message) : json_reply(message);
}

ScriptedReply chat_reply(const RecordedRequest& request, const TeacherTurn& turn,
                         const std::string& model, const Tokens& tokens) {
  boost::json::object message{{"role", "assistant"}, {"content", turn.text}};
  boost::json::array calls;
  for (std::size_t i = 0; i < turn.uses.size(); ++i)
    calls.push_back(
        boost::json::object{{"id", call_id(request, i)},
                            {"type", "function"},
                            {"function",
                             {{"name", turn.uses[i].name},
                              {"arguments", boost::json::serialize(turn.uses[i].input)}}}});
  const bool asks = !calls.empty();
  if (asks) message["tool_calls"] = std::move(calls);
  const boost::json::array choices{
      boost::json::object{{"index", 0},
                          {"finish_reason", asks ? "tool_calls" : "stop"},
                          {"message", std::move(message)}}};
  const boost::json::object completion{{"id", "chatcmpl-fake"},
                                       {"object", "chat.completion"},
                                       {"model", model},
                                       {"choices", choices},
                                       {"usage",
                                        {{"prompt_tokens", tokens.in},
                                         {"completion_tokens", tokens.out},
                                         {"total_tokens", tokens.in + tokens.out}}}};
  return wants_stream(request.json()) ? chat_stream(completion, true) : json_reply(completion);
}

std::string student_answer(const TeacherTalk& talk, int skill, const FakeBehaviour& behaviour,
                           bool slips, FakeCall& call) {
  call.part = Part::student;
  call.question = number_in(talk.last_words);
  if (has(talk.text, "step by step")) skill += behaviour.prompt_helps;
  const bool right = !slips && call.question && is_within(*call.question, skill);
  call.answer = "I think so.\n" + final_answer(call.question, right);
  return call.answer;
}

ScriptedReply model_list(const FakeBehaviour& behaviour) {
  boost::json::array rows;
  for (const auto& [name, skill] : behaviour.students)
    rows.push_back(boost::json::object{{"id", name}, {"object", "model"}});
  return json_reply({{"object", "list"}, {"data", std::move(rows)}});
}

}  // namespace

FakeModels::FakeModels(FakeBehaviour behaviour)
    : behaviour_(std::move(behaviour)),
      random_(behaviour_.random_usage_seed.value_or(0)),
      server_([this](const RecordedRequest& request) { return serve(request); }) {}

void FakeModels::enter() {
  const std::lock_guard lock(mutex_);
  peak_ = std::max(peak_, ++in_work_);
}

// A call leaves before the first byte of its answer: a client that keeps to n is never seen with n
// + 1.
void FakeModels::leave(FakeCall call) {
  const std::lock_guard lock(mutex_);
  --in_work_;
  calls_.push_back(std::move(call));
}

ScriptedReply FakeModels::serve(const RecordedRequest& request) {
  FakeCall call;
  call.target = request.target;
  if (request.method == "GET" && request.target == "/v1/models") {
    call.part = Part::models;
    if (behaviour_.before_answer) behaviour_.before_answer(call.part);
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
    return model_list(behaviour_);
  }
  enter();
  if (behaviour_.latency.count() > 0) std::this_thread::sleep_for(behaviour_.latency);
  ScriptedReply reply;
  try {
    reply = answer(request, call);
  } catch (const std::exception& error) {
    reply = refusal(400, request.target, error.what(), call);
  }
  if (call.part != Part::judge && call.part != Part::answer) call.request = request.body;
  call.body = request.body;
  if (behaviour_.before_answer) behaviour_.before_answer(call.part);
  leave(std::move(call));
  return reply;
}

ScriptedReply FakeModels::answer(const RecordedRequest& request, FakeCall& call) {
  const bool anthropic = request.target == "/v1/messages";
  if (request.method != "POST" || (!anthropic && request.target != "/v1/chat/completions"))
    return refusal(404, request.target, "no such path", call);
  const auto body = request.json();
  const std::string complaint = anthropic ? anthropic_complaint(body) : chat_complaint(body);
  if (!complaint.empty()) return refusal(400, request.target, complaint, call);
  call.model = boost::json::value_to<std::string>(body.at("model"));
  const auto reply_with = [&](const TeacherTurn& turn) {
    Tokens tokens{request.body.size() / 4 + 1, turn.text.size() / 4 + 20 * turn.uses.size() + 1};
    if (behaviour_.random_usage_seed) {
      if (auto failed = failure(call)) return *failed;
      tokens = {up_to(request.body.size()), up_to(limit_in(body))};
    }
    call.input_tokens = tokens.in;
    call.output_tokens = tokens.out;
    ScriptedReply reply = anthropic ? anthropic_reply(request, turn, call.model, tokens)
                                    : chat_reply(request, turn, call.model, tokens);
    if (behaviour_.random_usage_seed && up_to(100) <= 2) {
      call.cut = true;
      // A stream whose last event came is whole, whatever was promised beyond it.
      reply.missing_bytes = static_cast<int>(reply.body.size() / 2);
      reply.body.resize(reply.body.size() - static_cast<std::size_t>(reply.missing_bytes));
    }
    return reply;
  };
  if (anthropic) {
    if (header(request, "x-api-key").empty() || header(request, "anthropic-version").empty())
      return refusal(401, request.target, "x-api-key and anthropic-version are required", call);
    if (!begins(call.model, "claude-"))
      return refusal(404, request.target, "no model " + call.model, call);
    return reply_with(teacher_turn(anthropic_talk(body), behaviour_, call));
  }
  const TeacherTalk talk = chat_talk(body);
  if (begins(call.model, "gpt-")) {
    if (!begins(header(request, "authorization"), "Bearer "))
      return refusal(401, request.target, "a bearer token is required", call);
    return reply_with(teacher_turn(talk, behaviour_, call));
  }
  if (begins(call.model, "judge-")) {
    judge(judged_texts(talk.last_words), call);
    return reply_with({call.answer, {}});
  }
  const auto student = behaviour_.students.find(call.model);
  if (student == behaviour_.students.end())
    return refusal(404, request.target, "no model " + call.model, call);
  if (talk.uses.empty() &&
      has(boost::json::serialize(body), "\"name\":\"" + behaviour_.student_calls + "\"")) {
    call.part = Part::student;
    return reply_with({"", {{behaviour_.student_calls, {{"text", "called"}}, {}}}});
  }
  const bool slips = behaviour_.noise > 0 && static_cast<int>(up_to(100)) <= behaviour_.noise;
  return reply_with({student_answer(talk, student->second, behaviour_, slips, call), {}});
}

std::size_t FakeModels::up_to(std::size_t most) {
  const std::lock_guard lock(mutex_);
  return std::uniform_int_distribution<std::size_t>(1, std::max<std::size_t>(most, 1))(random_);
}

std::optional<ScriptedReply> FakeModels::failure(FakeCall& call) {
  const std::size_t dice = up_to(100);
  if (dice > 4) return std::nullopt;
  return refusal(dice <= 2 ? 529 : 500, call.target, "made to fail", call);
}

std::vector<FakeCall> FakeModels::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

int FakeModels::count(Part part) const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(std::count_if(
      calls_.begin(), calls_.end(), [part](const FakeCall& call) { return call.part == part; }));
}

int FakeModels::paid_calls() const {
  return count(Part::diagnosis) + count(Part::plan) + count(Part::answer) + count(Part::judge);
}

int FakeModels::peak() const {
  const std::lock_guard lock(mutex_);
  return peak_;
}

void FakeModels::forget_peak() {
  const std::lock_guard lock(mutex_);
  peak_ = in_work_;
}

}  // namespace jarvis::testing
