#include "core/home/traces/exchange/otlp_span.hpp"

#include <charconv>
#include <map>

#include "core/home/traces/exchange/json_reading.hpp"

namespace jarvis {

namespace {

using Attributes = std::map<std::string, json::value, std::less<>>;

/** OTLP's {"stringValue": …} and its like as plain JSON. 64-bit numbers come as text. */
json::value plain(const json::value& any) {
  if (!any.is_object() || any.as_object().empty()) return nullptr;
  const auto& member = *any.as_object().begin();
  const json::value& value = member.value();
  if (member.key() == "intValue" && value.is_string()) {
    std::int64_t number = 0;
    const auto text = value.as_string();
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
  if (member.key() == "arrayValue" || member.key() == "kvlistValue") {
    const json::value* values =
        value.is_object() ? value.as_object().if_contains("values") : nullptr;
    const bool list = member.key() == "arrayValue";
    json::value all = list ? json::value(json::array()) : json::value(json::object());
    if (!values || !values->is_array()) return all;
    for (const json::value& item : values->as_array()) {
      if (list)
        all.as_array().push_back(plain(item));
      else if (item.is_object() && item.as_object().contains("value"))
        all.as_object()[text_at(item.as_object(), "key")] = plain(item.as_object().at("value"));
    }
    return all;
  }
  return value;
}

void add_attributes(const json::object& owner, Attributes& attributes) {
  const json::value* list = owner.if_contains("attributes");
  if (!list || !list->is_array()) return;
  for (const json::value& item : list->as_array())
    if (item.is_object() && item.as_object().contains("value"))
      attributes.insert_or_assign(text_at(item.as_object(), "key"),
                                  plain(item.as_object().at("value")));
}

const json::value* find(const Attributes& attributes, std::string_view key) {
  const auto found = attributes.find(key);
  return found == attributes.end() ? nullptr : &found->second;
}

std::string text(const Attributes& attributes, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const json::value* value = find(attributes, key); value && value->is_string())
      return std::string(value->as_string());
  return {};
}

std::int64_t tokens(const Attributes& attributes, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const json::value* value = find(attributes, key); value && value->is_number()) {
      boost::system::error_code error;
      const auto number = value->to_number<std::int64_t>(error);
      if (!error) return number;
    }
  return 0;
}

/** JSON that is given as such or as its text. */
json::value json_in(const json::value& value) {
  if (!value.is_string()) return value;
  boost::system::error_code error;
  json::value parsed = json::parse(value.as_string(), error);
  return error || !parsed.is_structured() ? value : parsed;
}

/** One message of any of the forms in that of OpenAI: with `content`, or with `parts`. */
json::object message_of(const json::value& given, std::string_view role) {
  if (!given.is_object()) return {{"role", role}, {"content", content_text(&given)}};
  const json::object& object = given.as_object();
  std::string own_role = text_at(object, "role");
  if (const json::value* inner = object.if_contains("message"); inner && inner->is_object())
    return message_of(*inner, role);
  const json::value* content = object.if_contains("parts");
  std::string text = content_text(content ? content : object.if_contains("content"));
  return {{"role", own_role.empty() ? std::string(role) : own_role}, {"content", std::move(text)}};
}

void add_messages(const json::value* value, std::string_view role, json::array& messages) {
  if (!value || value->is_null()) return;
  const json::value given = json_in(*value);
  if (given.is_array()) {
    for (const json::value& item : given.as_array()) messages.push_back(message_of(item, role));
  } else if (given.is_object() && given.as_object().contains("messages")) {
    add_messages(&given.as_object().at("messages"), role, messages);
  } else {
    messages.push_back(message_of(given, role));
  }
}

/** gen_ai.prompt.0.role, gen_ai.prompt.0.content, gen_ai.prompt.1.role, … */
void add_numbered(const Attributes& attributes, const std::string& prefix, std::string_view role,
                  json::array& messages) {
  for (std::size_t i = 0;; ++i) {
    const std::string start = prefix + "." + std::to_string(i) + ".";
    const json::value* content = find(attributes, start + "content");
    const std::string own_role = text(attributes, {start + "role"});
    if (!content && own_role.empty()) return;
    const json::value given = content ? json_in(*content) : json::value("");
    messages.push_back(json::object{{"role", own_role.empty() ? std::string(role) : own_role},
                                    {"content", content_text(&given)}});
  }
}

void add_all(const Attributes& attributes, json::array& input, json::array& output) {
  add_messages(find(attributes, "gen_ai.input.messages"), "user", input);
  add_messages(find(attributes, "gen_ai.output.messages"), "assistant", output);
  if (input.empty()) add_messages(find(attributes, "gen_ai.prompt"), "user", input);
  if (output.empty()) add_messages(find(attributes, "gen_ai.completion"), "assistant", output);
  if (input.empty()) add_numbered(attributes, "gen_ai.prompt", "user", input);
  if (output.empty()) add_numbered(attributes, "gen_ai.completion", "assistant", output);
}

/** Events hold messages either in the attributes of a span, or each one its own. */
void add_event(const json::object& event, json::array& input, json::array& output) {
  Attributes attributes;
  add_attributes(event, attributes);
  const std::string name = text_at(event, "name");
  json::array asked, answered;
  add_all(attributes, asked, answered);
  for (const char* role : {"system", "user", "assistant", "tool"})
    if (name == std::string("gen_ai.") + role + ".message")
      asked.push_back(json::object{
          {"role", role}, {"content", text(attributes, {"content", "gen_ai.event.content"})}});
  if (name == "gen_ai.choice") {
    const json::value* message = find(attributes, "message");
    add_messages(message ? message : find(attributes, "content"), "assistant", answered);
  }
  input.insert(input.end(), asked.begin(), asked.end());
  output.insert(output.end(), answered.begin(), answered.end());
}

std::string last_text(const json::array& messages, std::string_view role) {
  for (std::size_t i = messages.size(); i > 0; --i)
    if (const json::object& message = messages[i - 1].as_object(); text_at(message, "role") == role)
      if (std::string content = text_at(message, "content"); !content.empty()) return content;
  return {};
}

Span::Kind kind_of(const Attributes& attributes, bool has_messages) {
  // Of our own sessions: nobody's conversation with an assistant.
  if (find(attributes, "jarvis.session.id")) return Span::Kind::other;
  const std::string operation = text(attributes, {"gen_ai.operation.name"});
  if (operation == "execute_tool" || find(attributes, "gen_ai.tool.name")) return Span::Kind::tool;
  if (operation == "invoke_agent" || operation == "create_agent" || operation == "invoke_workflow")
    return Span::Kind::agent;
  if (operation == "embeddings" || operation == "retrieval") return Span::Kind::retrieval;
  if (!operation.empty() || has_messages || find(attributes, "gen_ai.request.model"))
    return Span::Kind::model;
  return Span::Kind::other;
}

/** Nanoseconds, as a text because they are 64 bits wide, or as a number. */
double seconds(const json::object& span, std::string_view key) {
  const json::value* value = span.if_contains(key);
  if (!value) return 0;
  std::int64_t nanoseconds = 0;
  if (value->is_string()) {
    const auto digits = value->as_string();
    std::from_chars(digits.data(), digits.data() + digits.size(), nanoseconds);
  } else {
    nanoseconds = sdk::optional_integer(span, key);
  }
  return static_cast<double>(nanoseconds) / 1e9;
}

bool has_failed(const json::object& span) {
  const json::value* status = span.if_contains("status");
  if (!status || !status->is_object()) return false;
  const json::value* code = status->as_object().if_contains("code");
  return code && (*code == 2 || *code == "STATUS_CODE_ERROR");
}

std::string finish_reason(const Attributes& attributes) {
  const json::value* reasons = find(attributes, "gen_ai.response.finish_reasons");
  if (!reasons) return {};
  const json::value given = json_in(*reasons);
  if (given.is_string()) return std::string(given.as_string());
  const bool has_one = given.is_array() && !given.as_array().empty();
  return has_one && given.at(0).is_string() ? std::string(given.at(0).as_string()) : "";
}

void read_tool(const Attributes& attributes, Span& span) {
  span.tool.name = text(attributes, {"gen_ai.tool.name"});
  const json::value* arguments = find(attributes, "gen_ai.tool.call.arguments");
  span.tool.arguments = arguments ? json_in(*arguments) : json::value(json::object());
  if (const json::value* result = find(attributes, "gen_ai.tool.call.result"))
    span.tool.result =
        result->is_string() ? std::string(result->as_string()) : json::serialize(*result);
  span.tool.success = !span.failed;
}

}  // namespace

std::size_t Span::size() const {
  std::size_t bytes = sizeof *this + trace_id.size() + id.size() + parent_id.size() + query.size() +
                      answer.content.size() + tool.result.size();
  for (const json::value& message : messages)
    bytes += 200 + message.as_object().at("content").as_string().size();
  return bytes;
}

Result<Span> span_of(const json::object& object) {
  Span span;
  span.trace_id = text_at(object, "traceId");
  span.id = text_at(object, "spanId");
  span.parent_id = text_at(object, "parentSpanId");
  if (span.trace_id.empty() || span.id.empty())
    return Error{ErrorKind::invalid, "a span has no 'traceId' or no 'spanId'"};
  Attributes attributes;
  add_attributes(object, attributes);
  json::array input, output;
  add_all(attributes, input, output);
  if (const json::value* events = object.if_contains("events"); events && events->is_array())
    for (const json::value& event : events->as_array())
      if (event.is_object()) add_event(event.as_object(), input, output);
  span.kind = kind_of(attributes, !input.empty() || !output.empty());
  if (span.kind == Span::Kind::other) return span;
  span.begin = seconds(object, "startTimeUnixNano");
  span.end = seconds(object, "endTimeUnixNano");
  span.failed = has_failed(object);
  span.agent = text(attributes, {"gen_ai.agent.name"});
  span.engine = text(attributes, {"gen_ai.provider.name", "gen_ai.system"});
  span.query = last_text(input, "user");
  span.answer = {
      text(attributes, {"gen_ai.response.model", "gen_ai.request.model"}),
      last_text(output, "assistant"), finish_reason(attributes),
      tokens(attributes, {"gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"}),
      tokens(attributes, {"gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"})};
  if (span.kind == Span::Kind::tool) read_tool(attributes, span);
  span.messages = std::move(input);
  span.messages.insert(span.messages.end(), output.begin(), output.end());
  return span;
}

}  // namespace jarvis
