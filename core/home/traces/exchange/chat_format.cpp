#include "core/home/traces/exchange/chat_format.hpp"

#include "core/home/traces/exchange/json_reading.hpp"
#include "core/home/traces/exchange/steps.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kShortestOwnId = 12;

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_object() ? &value->as_object() : nullptr;
}

const json::array* array_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_array() ? &value->as_array() : nullptr;
}

std::string role_of(const json::value& message) {
  return message.is_object() ? text_at(message.as_object(), "role") : "";
}

std::string text_of(const json::value& message) {
  return message.is_object() ? content_text(message.as_object().if_contains("content")) : "";
}

/** The parts of a line, wherever they stand in it. */
struct ChatRecord {
  const json::object* whole;
  const json::object* request;   ///< has the messages
  const json::object* response;  ///< nullptr when there is none, or it is only a text
  const json::array* messages;
  json::object reply;  ///< the message that the model sent; empty when there is no response
  std::string finish_reason;

  /** The first that has it: the response, the request, the whole line. */
  const json::value* find(std::string_view key) const {
    for (const json::object* part : {response, request, whole})
      if (part)
        if (const json::value* value = part->if_contains(key); value && !value->is_null())
          return value;
    return nullptr;
  }
  std::string text(std::string_view key) const {
    const json::value* value = find(key);
    return value && value->is_string() ? std::string(value->as_string()) : "";
  }
};

/** The message in a response: of its first choice, its own, or a bare text. */
void read_reply(const json::object& response, ChatRecord& record) {
  if (const json::array* choices = array_at(response, "choices");
      choices && !choices->empty() && choices->front().is_object()) {
    const json::object& choice = choices->front().as_object();
    record.finish_reason = text_at(choice, "finish_reason");
    if (const json::object* message = object_at(choice, "message"))
      record.reply = *message;
    else
      record.reply = {{"role", "assistant"}, {"content", text_at(choice, "text")}};
    return;
  }
  if (const json::object* message = object_at(response, "message")) {
    record.reply = *message;
    record.finish_reason = text_at(response, "done_reason");
  } else if (response.contains("content")) {
    record.reply = {{"role", "assistant"}, {"content", response.at("content")}};
  }
}

Result<ChatRecord> record_of(const json::object& line) {
  ChatRecord record{&line, &line, nullptr, array_at(line, "messages"), {}, {}};
  for (const char* place : {"request", "body", "input"})
    if (const json::object* request = object_at(line, place); request && !record.messages) {
      record.messages = array_at(*request, "messages");
      record.request = request;
    }
  if (!record.messages) return Error{ErrorKind::invalid, "it has no list 'messages'"};
  if (const json::value* response = line.if_contains("response"); response && response->is_string())
    record.reply = {{"role", "assistant"}, {"content", *response}};
  record.response = object_at(line, "response");
  if (record.response)
    if (const json::object* body = object_at(*record.response, "body")) record.response = body;
  if (!record.response && line.contains("choices")) record.response = &line;
  if (record.response) read_reply(*record.response, record);
  return record;
}

std::string own_id(const ChatRecord& record) {
  if (const std::string id = text_at(*record.whole, "trace_id"); !id.empty()) return id;
  for (const json::object* part : {record.whole, record.response})
    if (part)
      if (const std::string id = text_at(*part, "id"); id.size() >= kShortestOwnId) return id;
  return {};
}

std::int64_t tokens_at(const json::object& usage, const char* key, const char* other_key) {
  return sdk::optional_integer(usage, usage.contains(key) ? key : other_key);
}

/** What is the same for all traces of a line. */
Result<TraceRow> base_of(const ChatRecord& record, const std::string& agent_if_absent) {
  TraceRow row;
  const auto rating = rating_of(record.whole->if_contains("feedback"));
  if (!rating) return rating.error();
  row.feedback = *rating;
  row.agent = text_at(*record.whole, "agent");
  if (row.agent.empty()) row.agent = agent_if_absent;
  row.model = record.text("model");
  for (const char* key : {"created", "created_at", "timestamp"})
    if (row.started_at == 0) row.started_at = unix_seconds(record.find(key));
  row.ended_at = row.started_at;
  return row;
}

/** From `begin` to before `end`: a user message and what came up to its answer. */
struct Turn {
  std::size_t begin, answer;
};

std::vector<Turn> turns_of(const json::array& messages) {
  std::vector<Turn> turns;
  bool asked = false, answered = false;
  std::size_t question = 0, answer = 0;
  const auto close = [&] {
    if (asked && answered) turns.push_back({question, answer});
  };
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::string role = role_of(messages[i]);
    if (role == "user" && !text_of(messages[i]).empty()) {
      close();
      asked = true;
      answered = false;
      question = i;
    } else if (role == "assistant" && asked && !text_of(messages[i]).empty()) {
      answered = true;
      answer = i;
    }
  }
  close();
  return turns;
}

json::array part_of(const json::array& messages, std::size_t begin, std::size_t end) {
  json::array part;
  part.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) part.push_back(messages[i]);
  return part;
}

void set_usage(TraceRow& row, const ChatRecord& record, const std::string& finish_reason) {
  std::int64_t prompt = 0, completion = 0;
  if (const json::value* usage = record.find("usage"); usage && usage->is_object()) {
    prompt = tokens_at(usage->as_object(), "prompt_tokens", "input_tokens");
    completion = tokens_at(usage->as_object(), "completion_tokens", "output_tokens");
    row.total_tokens =
        sdk::optional_integer(usage->as_object(), "total_tokens", prompt + completion);
  }
  row.steps.push_back(answer_step({row.model, row.result, finish_reason, prompt, completion}));
  row.steps.back().index = static_cast<std::int64_t>(row.steps.size()) - 1;
}

Result<TraceRow> call_of(const ChatRecord& record, TraceRow row, std::string_view line) {
  const json::array& messages = *record.messages;
  std::size_t question = messages.size();
  while (question > 0 &&
         (role_of(messages[question - 1]) != "user" || text_of(messages[question - 1]).empty()))
    --question;
  if (question == 0) return Error{ErrorKind::invalid, "it has no user message with text"};
  row.query = text_of(messages[question - 1]);
  row.result = text_of(record.reply);
  if (row.result.empty())
    return Error{ErrorKind::invalid, record.reply.contains("tool_calls")
                                         ? "its reply holds calls of tools and no text"
                                         : "its reply holds no text"};
  json::array all = messages;
  all.push_back(record.reply);
  row.messages = json::serialize(all);
  row.steps = tool_steps(messages, question, messages.size());
  set_usage(row, record, record.finish_reason);
  row.id = own_id(record);
  if (row.id.empty()) row.id = id_from_content("openai", line);
  return row;
}

std::vector<TraceRow> turn_rows(const ChatRecord& record, const TraceRow& base) {
  const json::array& messages = *record.messages;
  const std::vector<Turn> turns = turns_of(messages);
  const std::string id = own_id(record);
  const std::string own_number = record.find("id") ? json::serialize(*record.find("id")) : "";
  std::string past = json::serialize(
      json::array{json::string_view(base.model), base.started_at, json::string_view(own_number)});
  std::vector<TraceRow> rows;
  for (const Turn& turn : turns) {
    TraceRow& row = rows.emplace_back(base);
    row.query = text_of(messages[turn.begin]);
    row.result = text_of(messages[turn.answer]);
    row.messages = json::serialize(part_of(messages, turn.begin, turn.answer + 1));
    past = id_from_content("openai", past + row.messages);
    const std::string number = std::to_string(rows.size());
    row.id = id.empty() ? past : rows.size() == 1 ? id : id + "-" + number;
    if (turns.size() > 1)
      row.metadata = json::serialize(json::object{{"source", "openai"}, {"turn", rows.size()}});
    row.steps = tool_steps(messages, turn.begin, turn.answer);
    if (turns.size() == 1) set_usage(row, record, "");
  }
  return rows;
}

}  // namespace

Result<std::vector<TraceRow>> from_chat(std::string_view line, const std::string& agent_if_absent) {
  json::monotonic_resource memory;
  const auto object = object_of_line(line, &memory);
  if (!object) return object.error();
  const auto record = record_of(*object);
  if (!record) return record.error();
  auto base = base_of(*record, agent_if_absent);
  if (!base) return base.error();
  if (!record->reply.empty()) {
    auto row = call_of(*record, *std::move(base), line);
    if (!row) return row.error();
    return std::vector<TraceRow>{*std::move(row)};
  }
  std::vector<TraceRow> rows = turn_rows(*record, *base);
  if (rows.empty())
    return Error{ErrorKind::invalid, "no user message in it has an answer with text"};
  return rows;
}

}  // namespace jarvis
