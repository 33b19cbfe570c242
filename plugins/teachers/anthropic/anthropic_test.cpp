#include <doctest/doctest.h>

#include <jarvis/sdk/plugin.hpp>
#include <jarvis/testing/loaded_plugin.hpp>

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using namespace jarvis::testing;

namespace {

json::object reply_with(json::array content, const char* stop_reason = "end_turn") {
  return {{"model", "claude-opus-4-6"},
          {"content", std::move(content)},
          {"stop_reason", stop_reason},
          {"usage", json::object{{"input_tokens", 10}, {"output_tokens", 20}}}};
}

json::object text(const char* words) {
  return {{"type", "text"}, {"text", words}};
}

/** The plugin behind a fake `http` service that keeps what was sent. */
struct Engine {
  LoadedPlugin plugin{PLUGIN_DIR "/anthropic.so"};
  FakeHost host;
  sdk::HttpRequest sent;
  sdk::HttpResult answer{200, {}, json::serialize(reply_with({text("hello")}))};

  Engine() {
    host.services["http"] = [this](const json::object& request) {
      sent = sdk::http_request(request);
      return sdk::to_json(answer);
    };
  }

  Answer ask(const sdk::GenerateRequest& request) {
    return plugin.call(plugin.of<jarvis_teacher_engine_1>(JARVIS_TEACHER_ENGINE_1).generate,
                       sdk::to_json(request), host);
  }
  json::object body() const { return json::parse(sent.body).as_object(); }
};

sdk::GenerateRequest question() {
  sdk::GenerateRequest request;
  request.model = "claude-opus-4-6";
  request.system = "You teach.";
  request.messages.push_back({"user", "why?", {}, {}, {}});
  return request;
}

sdk::GenerateRequest conversation() {
  sdk::GenerateRequest request = question();
  request.tools = {{"list_traces", "Lists traces.", json::object()}};
  request.messages.push_back({"assistant",
                              "",
                              {{"t1", "list_traces", {{"limit", 2}}}, {"t2", "list_traces", {}}},
                              {},
                              {}});
  request.messages.push_back({"tool", "", {}, {{"t1", "{}", false}, {"t2", "no", true}}, {}});
  request.messages.push_back({"user", "now conclude", {}, {}, {}});
  return request;
}

}  // namespace

TEST_CASE("anthropic: says what to mend for each refusal of the provider") {
  struct Row {
    int status;
    const char* body;
    jarvis_status expected;
    const char* words;
  };
  const Row rows[] = {
      {401, R"({"error":{"type":"authentication_error","message":"invalid x-api-key"}})",
       JARVIS_UNAVAILABLE, "refused the key (401): invalid x-api-key"},
      {403, "no", JARVIS_UNAVAILABLE, "refused the key (403)"},
      {404, R"({"error":{"message":"model: claude-x"}})", JARVIS_INVALID, "model: claude-x"},
      {400, R"({"error":{"message":"max_tokens: too large"}})", JARVIS_INVALID,
       "max_tokens: too large"},
      {400, R"({"error":{"message":"Your credit balance is too low"}})", JARVIS_UNAVAILABLE,
       "no money left"},
      {429, R"({"error":{"message":"slow down"}})", JARVIS_RETRYABLE, "slow down"},
      {529, R"({"error":{"message":"overloaded"}})", JARVIS_RETRYABLE, "overloaded"},
      {503, "<html>bad gateway</html>", JARVIS_RETRYABLE, "<html>bad gateway"},
      {301, "", JARVIS_INVALID, "redirect"},
  };
  for (const Row& row : rows) {
    Engine engine;
    engine.answer = {row.status, {}, row.body};
    const Answer answer = engine.ask(question());
    CAPTURE(row.status);
    CAPTURE(answer.message);
    CHECK(answer.status == row.expected);
    CHECK(answer.message.find(row.words) != std::string::npos);
  }
}

TEST_CASE("anthropic: bytes that are no answer are a passing fault, shown by their beginning") {
  for (const std::string body : {"", "<html>", "[]", "{}", R"({"content":"x"})",
                                 R"({"content":[{"type":"tool_use","name":"x"}]})"}) {
    Engine engine;
    engine.answer = {200, {}, body};
    const Answer answer = engine.ask(question());
    CAPTURE(body);
    CHECK(answer.status == JARVIS_RETRYABLE);
    CHECK(answer.message.find("cannot be read") != std::string::npos);
  }
  Engine engine;
  engine.answer = {200, {}, std::string(100000, 'x')};
  CHECK(engine.ask(question()).message.size() < 300);
}

TEST_CASE("anthropic: a failure of the http service keeps its status") {
  Engine engine;
  engine.host.services["http"] = [](const json::object&) -> json::object {
    throw sdk::unavailable("cannot reach it", "start it");
  };
  const Answer answer = engine.ask(question());
  CHECK(answer.status == JARVIS_UNAVAILABLE);
  CHECK(answer.message == "cannot reach it");
}

TEST_CASE("anthropic: a request without any text is refused before it is sent") {
  Engine engine;
  sdk::GenerateRequest request = question();
  request.messages = {{"user", "  \n", {}, {}, {}}};
  CHECK(engine.ask(request).status == JARVIS_INVALID);
  CHECK(engine.sent.url.empty());
}

TEST_CASE("anthropic: posts to the messages path with key header and version") {
  for (const char* base : {"http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/"}) {
    Engine engine;
    sdk::GenerateRequest request = question();
    request.base_url = base;
    REQUIRE(engine.ask(request).ok());
    CHECK(engine.sent.url == "http://h:1/v1/messages");
    CHECK(engine.sent.key_header == "x-api-key");
    CHECK(engine.sent.key_prefix.empty());
    CHECK(engine.sent.headers.front() ==
          std::pair<std::string, std::string>("anthropic-version", "2023-06-01"));
  }
  Engine engine;
  REQUIRE(engine.ask(question()).ok());
  CHECK(engine.sent.url == "https://api.anthropic.com/v1/messages");
}

TEST_CASE("anthropic: what is not set is not sent") {
  Engine engine;
  sdk::GenerateRequest request = question();
  request.system.clear();
  REQUIRE(engine.ask(request).ok());
  for (const char* key : {"system", "tools", "tool_choice", "temperature", "stream"})
    CHECK_FALSE(engine.body().contains(key));
  CHECK(engine.body().at("max_tokens") == 4096);
}

TEST_CASE("anthropic: results of parallel calls and the text after them are one user turn") {
  Engine engine;
  REQUIRE(engine.ask(conversation()).ok());
  const json::array messages = engine.body().at("messages").as_array();
  REQUIRE(messages.size() == 3);
  const json::array calls = messages[1].as_object().at("content").as_array();
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].as_object().at("type") == "tool_use");
  CHECK(calls[0].as_object().at("input").as_object().at("limit") == 2);
  const json::array results = messages[2].as_object().at("content").as_array();
  REQUIRE(results.size() == 3);
  CHECK(results[0].as_object().at("tool_use_id") == "t1");
  CHECK_FALSE(results[0].as_object().contains("is_error"));
  CHECK(results[1].as_object().at("is_error") == true);
  CHECK(results[2].as_object().at("text") == "now conclude");
}

TEST_CASE("anthropic: tools stay declared when none may be called") {
  Engine engine;
  sdk::GenerateRequest request = conversation();
  request.may_call_tools = false;
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.body().at("tool_choice").as_object().at("type") == "none");
  const json::object tool = engine.body().at("tools").as_array().front().as_object();
  CHECK(tool.at("name") == "list_traces");
  CHECK(tool.at("input_schema").as_object().at("type") == "object");
}

TEST_CASE("anthropic: reads text, parallel calls and usage") {
  Engine engine;
  json::object reply = reply_with(
      {text("first"),
       json::object{
           {"type", "tool_use"}, {"id", "a"}, {"name", "x"}, {"input", json::object{{"n", 1}}}},
       json::object{{"type", "tool_use"}, {"id", "b"}, {"name", "y"}, {"input", json::object()}}},
      "tool_use");
  reply["usage"] = json::object{{"input_tokens", 1},
                                {"output_tokens", 2},
                                {"cache_read_input_tokens", 3},
                                {"cache_creation_input_tokens", 4}};
  engine.answer.body = json::serialize(reply);
  const auto result = sdk::generate_result(engine.ask(conversation()).result);
  CHECK(result.message.text == "first");
  REQUIRE(result.message.tool_calls.size() == 2);
  CHECK(result.message.tool_calls[0].arguments.at("n") == 1);
  CHECK(result.stop_reason == "tool_calls");
  CHECK(result.usage.input_tokens == 1);
  CHECK(result.usage.output_tokens == 2);
  CHECK(result.usage.cache_read_tokens == 3);
  CHECK(result.usage.cache_write_tokens == 4);
}

TEST_CASE("anthropic: maps every stop reason") {
  const std::pair<const char*, const char*> rows[] = {
      {"end_turn", "end"},
      {"stop_sequence", "end"},
      {"max_tokens", "max_tokens"},
      {"refusal", "refusal"},
      {"model_context_window_exceeded", "max_tokens"},
      {"something_new", "end"}};
  for (const auto& [reason, expected] : rows) {
    Engine engine;
    engine.answer.body = json::serialize(reply_with({text("x")}, reason));
    CHECK(engine.ask(question()).result.at("stop_reason") == expected);
  }
}

TEST_CASE("anthropic: thinking blocks come back unchanged, without empty texts") {
  Engine engine;
  const json::object thinking{{"type", "thinking"}, {"thinking", "hm"}, {"signature", "s1"}};
  engine.answer.body = json::serialize(reply_with({thinking, text(""), text("so")}));
  sdk::GenerateRequest request = question();
  request.messages.push_back(sdk::generate_result(engine.ask(request).result).message);
  request.messages.push_back({"user", "go on", {}, {}, {}});
  REQUIRE(engine.ask(request).ok());
  const json::array turn =
      engine.body().at("messages").as_array()[1].as_object().at("content").as_array();
  CHECK(turn == json::array{thinking, text("so")});
}

TEST_CASE("anthropic: an answer without usage is counted by its bytes, not as free") {
  Engine engine;
  json::object reply = reply_with({text("hello")});
  reply.erase("usage");
  engine.answer.body = json::serialize(reply);
  const auto usage = sdk::generate_result(engine.ask(question()).result).usage;
  CHECK(usage.input_tokens == static_cast<std::int64_t>(engine.sent.body.size()));
  CHECK(usage.output_tokens > 0);
}

namespace {

/** Whether the last block of a turn, or of the system text, is marked for the cache. */
bool is_marked(const json::value& blocks) {
  return blocks.as_array().back().as_object().contains("cache_control");
}

sdk::GenerateRequest with_results(int turns) {
  sdk::GenerateRequest request = question();
  request.tools = {{"look", "Looks.", {}}};
  for (int turn = 0; turn < turns; ++turn) {
    const std::string id = "t" + std::to_string(turn);
    request.messages.push_back({"assistant", "", {{id, "look", {}}}, {}, {}});
    request.messages.push_back({"tool", "", {}, {{id, "{}", false}}, {}});
  }
  return request;
}

}  // namespace

TEST_CASE("anthropic: a conversation with tools is marked for the cache where it is stable") {
  Engine engine;
  REQUIRE(engine.ask(with_results(3)).ok());
  const json::object body = engine.body();
  CHECK(is_marked(body.at("system")));
  const json::array turns = body.at("messages").as_array();
  REQUIRE(turns.size() == 7);
  for (std::size_t i = 0; i < turns.size(); ++i)
    CHECK(is_marked(turns[i].at("content")) == (i == 4 || i == 6));
}

TEST_CASE("anthropic: at the last turn only what was written before is read from the cache") {
  Engine engine;
  sdk::GenerateRequest request = with_results(1);
  request.may_call_tools = false;
  REQUIRE(engine.ask(request).ok());
  const json::object body = engine.body();
  CHECK(is_marked(body.at("system")));
  for (const json::value& turn : body.at("messages").as_array())
    CHECK_FALSE(is_marked(turn.at("content")));
}

TEST_CASE("anthropic: one question alone is not written to the cache, which costs more") {
  Engine engine;
  REQUIRE(engine.ask(question()).ok());
  CHECK(engine.sent.body.find("cache_control") == std::string::npos);
}

TEST_CASE("anthropic: an error in the middle of a stream is a passing fault") {
  Engine engine;
  engine.answer = {200,
                   {{"content-type", "text/event-stream"}},
                   "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n"
                   "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"Overloaded\"}}"
                   "\n\n"};
  const Answer answer = engine.ask(question());
  CHECK(answer.status == JARVIS_RETRYABLE);
  CHECK(answer.message.find("Overloaded") != std::string::npos);
}
