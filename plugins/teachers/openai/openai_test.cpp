#include <doctest/doctest.h>

#include <jarvis/sdk/plugin.hpp>
#include <jarvis/testing/loaded_plugin.hpp>
#include <set>

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using namespace jarvis::testing;

namespace {

json::object reply_with(json::object message, const char* finish_reason = "stop") {
  return {{"model", "gpt-5-2025"},
          {"choices", json::array{json::object{{"message", std::move(message)},
                                               {"finish_reason", finish_reason}}}},
          {"usage", json::object{{"prompt_tokens", 10}, {"completion_tokens", 20}}}};
}

json::object call(json::value id, json::value arguments) {
  return {{"id", std::move(id)},
          {"type", "function"},
          {"function", json::object{{"name", "list_traces"}, {"arguments", std::move(arguments)}}}};
}

struct Engine {
  LoadedPlugin plugin{PLUGIN_DIR "/openai.so"};
  FakeHost host;
  std::vector<sdk::HttpRequest> sent;
  std::vector<sdk::HttpResult> answers{{200, {}, json::serialize(reply_with({{"content", "hi"}}))}};

  Engine() {
    host.services["http"] = [this](const json::object& request) {
      sent.push_back(sdk::http_request(request));
      return sdk::to_json(answers[std::min(sent.size(), answers.size()) - 1]);
    };
  }

  Answer ask(const sdk::GenerateRequest& request) {
    return plugin.call(plugin.of<jarvis_teacher_engine_1>(JARVIS_TEACHER_ENGINE_1).generate,
                       sdk::to_json(request), host);
  }
  sdk::GenerateResult result_of(const json::object& reply, const sdk::GenerateRequest& request) {
    answers = {{200, {}, json::serialize(reply)}};
    return sdk::generate_result(ask(request).result);
  }
  json::object body() const { return json::parse(sent.back().body).as_object(); }
};

sdk::GenerateRequest question() {
  sdk::GenerateRequest request;
  request.model = "gpt-5";
  request.system = "You teach.";
  request.messages.push_back({"user", "why?", {}, {}, {}});
  return request;
}

}  // namespace

TEST_CASE("openai: says what to mend for each refusal of the provider") {
  struct Row {
    int status;
    const char* body;
    jarvis_status expected;
    const char* words;
  };
  const Row rows[] = {
      {401, R"({"error":{"message":"Incorrect API key"}})", JARVIS_UNAVAILABLE,
       "Incorrect API key"},
      {404, R"({"error":"model not found"})", JARVIS_INVALID, "model not found"},
      {400, R"({"message":"bad"})", JARVIS_INVALID, "bad"},
      {429, R"({"error":{"message":"slow","type":"requests"}})", JARVIS_RETRYABLE, "slow"},
      {429, R"({"error":{"message":"quota","code":"insufficient_quota"}})", JARVIS_UNAVAILABLE,
       "quota"},
      {500, "", JARVIS_RETRYABLE, "(500)"},
  };
  for (const Row& row : rows) {
    Engine engine;
    engine.answers = {{row.status, {}, row.body}};
    const Answer answer = engine.ask(question());
    CAPTURE(answer.message);
    CHECK(answer.status == row.expected);
    CHECK(answer.message.find(row.words) != std::string::npos);
  }
}

TEST_CASE("openai: bytes that are no answer are a passing fault") {
  for (const std::string body : {"", "<html>", "[]", "{}", R"({"choices":[]})",
                                 R"({"choices":[1]})", R"({"choices":[{"message":null}]})"}) {
    Engine engine;
    engine.answers = {{200, {}, body}};
    CAPTURE(body);
    CHECK(engine.ask(question()).status == JARVIS_RETRYABLE);
  }
}

TEST_CASE("openai: posts to chat completions below any base URL") {
  const std::pair<const char*, const char*> rows[] = {
      {"", "https://api.openai.com/v1/chat/completions"},
      {"http://h:1", "http://h:1/v1/chat/completions"},
      {"http://h:1/v1/", "http://h:1/v1/chat/completions"},
      {"https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1/chat/completions"},
      {"https://g.test/v1beta/openai", "https://g.test/v1beta/openai/chat/completions"},
      {"https://vast.test/proxy", "https://vast.test/proxy/v1/chat/completions"}};
  for (const auto& [base, url] : rows) {
    Engine engine;
    sdk::GenerateRequest request = question();
    request.base_url = base;
    REQUIRE(engine.ask(request).ok());
    CHECK(engine.sent.back().url == url);
    CHECK(engine.sent.back().key_header == "authorization");
    CHECK(engine.sent.back().key_prefix == "Bearer ");
  }
}

TEST_CASE("openai: the token limit has its new name at the provider's own address alone") {
  Engine engine;
  REQUIRE(engine.ask(question()).ok());
  CHECK(engine.body().at("max_completion_tokens") == 4096);
  CHECK_FALSE(engine.body().contains("max_tokens"));
  sdk::GenerateRequest request = question();
  request.base_url = "http://h:1/v1";
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.body().at("max_tokens") == 4096);
  CHECK_FALSE(engine.body().contains("max_completion_tokens"));
}

TEST_CASE("openai: takes back a temperature and a token limit that the model refuses") {
  Engine engine;
  engine.answers.insert(
      engine.answers.begin(),
      {{400, {}, R"({"error":{"message":"Unsupported value: 'temperature'"}})"},
       {400, {}, R"({"error":{"message":"use 'max_completion_tokens' instead"}})"}});
  sdk::GenerateRequest request = question();
  request.model = "made-up";
  request.base_url = "http://h:1";
  request.temperature = 0.3;
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.sent.size() == 3);
  CHECK_FALSE(engine.body().contains("temperature"));
  CHECK(engine.body().contains("max_completion_tokens"));
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.sent.size() == 4);  // what was refused once is not sent again
}

TEST_CASE("openai: models that reason are sent no temperature") {
  for (const char* model : {"o1", "o3-mini", "o4-mini", "gpt-5", "gpt-5-mini-2025-08-07"}) {
    Engine engine;
    sdk::GenerateRequest request = question();
    request.model = model;
    request.temperature = 0.3;
    REQUIRE(engine.ask(request).ok());
    CHECK_FALSE(engine.body().contains("temperature"));
  }
  Engine engine;
  sdk::GenerateRequest request = question();
  request.model = "gpt-4o";
  request.temperature = 0.3;
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.body().at("temperature") == 0.3);
}

TEST_CASE("openai: a server that does not stream is asked in one piece, from then on at once") {
  Engine engine;
  engine.answers.insert(engine.answers.begin(),
                        {400, {}, R"({"error":{"message":"stream: not offered"}})"});
  sdk::GenerateRequest request = question();
  request.max_output_tokens = 8192;
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.sent.size() == 2);
  CHECK(json::parse(engine.sent.front().body).at("stream_options").at("include_usage") == true);
  CHECK(engine.sent.front().stream_end == "[DONE]");
  CHECK_FALSE(engine.body().contains("stream"));
  CHECK_FALSE(engine.body().contains("stream_options"));
  CHECK(engine.sent.back().stream_end.empty());
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.sent.size() == 3);
}

TEST_CASE("openai: the same complaint twice is not answered for ever") {
  Engine engine;
  engine.answers = {{400, {}, R"({"error":{"message":"temperature and max_completion_tokens"}})"}};
  sdk::GenerateRequest request = question();
  request.model = "made-up";
  request.base_url = "http://h:1";
  request.temperature = 0.3;
  CHECK(engine.ask(request).status == JARVIS_INVALID);
  CHECK(engine.sent.size() == 3);
}

TEST_CASE("openai: what is not set is not sent") {
  Engine engine;
  REQUIRE(engine.ask(question()).ok());
  for (const char* key : {"temperature", "tools", "tool_choice", "stream"})
    CHECK_FALSE(engine.body().contains(key));
}

TEST_CASE("openai: a conversation with calls has one tool message for each result") {
  Engine engine;
  sdk::GenerateRequest request = question();
  request.tools = {{"list_traces", "Lists traces.", json::object()}};
  request.messages.push_back(
      {"assistant", "", {{"a", "list_traces", {{"limit", 1}}}, {"b", "list_traces", {}}}, {}, {}});
  request.messages.push_back({"tool", "", {}, {{"a", "{}", false}, {"b", "{}", false}}, {}});
  request.may_call_tools = false;
  REQUIRE(engine.ask(request).ok());
  const json::array messages = engine.body().at("messages").as_array();
  REQUIRE(messages.size() == 5);
  CHECK(messages[0].as_object().at("role") == "system");
  CHECK(messages[2].as_object().at("content").is_null());
  CHECK(messages[2].at("tool_calls").at(0).at("function").at("arguments") == R"({"limit":1})");
  CHECK(messages[4].as_object().at("tool_call_id") == "b");
  CHECK(engine.body().at("tool_choice") == "none");
}

TEST_CASE("openai: reads arguments as text, as an object, and keeps what is neither") {
  Engine engine;
  const auto result = engine.result_of(
      reply_with({{"content", nullptr},
                  {"tool_calls",
                   json::array{call("a", R"({"limit":3})"), call("b", json::object{{"limit", 4}}),
                               call("c", "{oops"), call("d", ""), call("e", nullptr)}}},
                 "tool_calls"),
      question());
  const auto& calls = result.message.tool_calls;
  REQUIRE(calls.size() == 5);
  CHECK(calls[0].arguments.at("limit") == 3);
  CHECK(calls[1].arguments.at("limit") == 4);
  CHECK(calls[2].arguments.at("unreadable_arguments") == "{oops");
  CHECK(calls[3].arguments.empty());
  CHECK(calls[4].arguments.empty());
  CHECK(result.stop_reason == "tool_calls");
}

TEST_CASE("openai: missing and repeated call ids are made up, unique in the conversation") {
  Engine engine;
  sdk::GenerateRequest request = question();
  request.messages.push_back({"assistant", "", {{"x", "list_traces", {}}}, {}, {}});
  request.messages.push_back({"tool", "", {}, {{"x", "{}", false}}, {}});
  const auto result = engine.result_of(
      reply_with({{"tool_calls", json::array{call("x", "{}"), call("", "{}"), call(nullptr, "{}"),
                                             call("y", "{}"), call("y", "{}")}}}),
      request);
  std::set<std::string> ids{"x"};
  for (const auto& made : result.message.tool_calls) {
    CHECK_FALSE(made.id.empty());
    CHECK(ids.insert(made.id).second);
  }
  CHECK(ids.size() == 6);
}

TEST_CASE("openai: maps every finish reason") {
  const std::pair<const char*, const char*> rows[] = {
      {"stop", "end"}, {"length", "max_tokens"}, {"content_filter", "refusal"}, {"other", "end"}};
  for (const auto& [reason, expected] : rows) {
    Engine engine;
    CHECK(engine.result_of(reply_with({{"content", "x"}}, reason), question()).stop_reason ==
          expected);
  }
  Engine engine;
  const auto refused =
      engine.result_of(reply_with({{"content", nullptr}, {"refusal", "no"}}), question());
  CHECK(refused.stop_reason == "refusal");
  CHECK(refused.message.text == "no");
}

TEST_CASE("openai: cached tokens are part of neither input nor output") {
  Engine engine;
  json::object reply = reply_with({{"content", "x"}});
  reply["usage"] = json::object{{"prompt_tokens", 100},
                                {"completion_tokens", 5},
                                {"prompt_tokens_details", json::object{{"cached_tokens", 60}}},
                                {"cost", 0.01}};
  const auto usage = engine.result_of(reply, question()).usage;
  CHECK(usage.input_tokens == 40);
  CHECK(usage.cache_read_tokens == 60);
  CHECK(usage.output_tokens == 5);
  CHECK(*usage.reported_cost_usd == 0.01);
}

TEST_CASE("openai: reads text that comes in parts") {
  Engine engine;
  const auto result = engine.result_of(
      reply_with({{"content", json::array{json::object{{"type", "text"}, {"text", "a"}},
                                          json::object{{"type", "text"}, {"text", "b"}}}}}),
      question());
  CHECK(result.message.text == "ab");
}
