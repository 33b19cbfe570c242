#include <cstdio>
#include <jarvis/sdk/plugin.hpp>
#include <jarvis/testing/check.hpp>
#include <jarvis/testing/loaded_plugin.hpp>

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using jarvis::testing::Answer;
using jarvis::testing::FakeHost;
using jarvis::testing::LoadedPlugin;

namespace {

const char* const kHello = R"({"turn":{"says":"hello"},"ended":"done","model":"acme-large-2",)"
                           R"("tokens":{"in":10,"out":20,"remembered":3}})";

/** The built plugin behind an `http` service that keeps what was sent and answers as it is told. */
struct Engine {
  LoadedPlugin plugin{PLUGIN_FILE};
  FakeHost host;
  sdk::HttpRequest sent;
  sdk::HttpResult answer{200, {}, kHello};

  Engine() {
    host.services["http"] = [this](const json::object& request) {
      sent = sdk::http_request(request);
      return sdk::to_json(answer);
    };
  }

  Answer ask(const sdk::GenerateRequest& request) {
    const auto& functions = plugin.of<jarvis_teacher_engine_1>(JARVIS_TEACHER_ENGINE_1);
    return plugin.call(functions.generate, sdk::to_json(request), host);
  }
  json::object body() const { return json::parse(sent.body).as_object(); }
};

sdk::GenerateRequest question() {
  sdk::GenerateRequest request;
  request.model = "acme-large";
  request.base_url = "http://127.0.0.1:1";
  request.system = "You teach.";
  request.messages.push_back({"user", "why?", {}, {}, {}});
  return request;
}

bool says(const Answer& answer, jarvis_status status, const std::string& part) {
  const bool as_said = answer.status == status && answer.message.find(part) != std::string::npos;
  if (!as_said) std::fprintf(stderr, "status %d: %s\n", answer.status, answer.message.c_str());
  return as_said;
}

void each_refusal_says_what_to_mend() {
  const struct {
    int status;
    const char* body;
    jarvis_status expected;
    const char* words;
  } rows[] = {
      {401, R"({"fault":{"kind":"key","text":"unknown key"}})", JARVIS_UNAVAILABLE,
       "Acme refused the key (401): unknown key"},
      {403, "no", JARVIS_UNAVAILABLE, "refused the key (403): no"},
      {402, R"({"fault":{"text":"pay"}})", JARVIS_UNAVAILABLE, "no money left (402): pay"},
      {429, R"({"fault":{"kind":"funds","text":"used up"}})", JARVIS_UNAVAILABLE,
       "no money left (429): used up"},
      {404, R"({"fault":{"kind":"model","text":"acme-x"}})", JARVIS_INVALID, "acme-x"},
      {400, R"({"fault":{"kind":"request","text":"output_limit is too large"}})", JARVIS_INVALID,
       "refused the request (400): output_limit is too large"},
      {429, R"({"fault":{"kind":"busy","text":"slow down"}})", JARVIS_RETRYABLE, "slow down"},
      {503, "<html>\nbad gateway", JARVIS_RETRYABLE, "(503): <html> bad gateway"},
      {301, "", JARVIS_INVALID, "refused the request (301)"},
  };
  for (const auto& row : rows) {
    Engine engine;
    engine.answer = {row.status, {}, row.body};
    JARVIS_CHECK(says(engine.ask(question()), row.expected, row.words));
  }
}

void an_answer_that_cannot_be_read_is_a_passing_fault() {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"turn":"hello"})",
                           R"({"turn":{"wants":[1]}})", R"({"turn":{"wants":[{"action":"x"}]}})",
                           R"({"turn":{"wants":[{"ref":1,"action":"x"}]}})"}) {
    Engine engine;
    engine.answer = {200, {}, body};
    JARVIS_CHECK(says(engine.ask(question()), JARVIS_RETRYABLE, "cannot be read"));
  }
  Engine engine;
  engine.answer = {200, {}, std::string(299, 'x') + "\xE2\x82\xAC" + std::string(99999, 'x')};
  const Answer answer = engine.ask(question());
  JARVIS_CHECK(answer.message.size() < 400);
  JARVIS_CHECK(answer.message.find('\xE2') == std::string::npos);
}

void what_the_http_service_refuses_keeps_its_status() {
  Engine engine;
  engine.host.services["http"] = [](const json::object&) -> json::object {
    throw sdk::unavailable("cannot reach it", "start it");
  };
  const Answer answer = engine.ask(question());
  JARVIS_CHECK(says(answer, JARVIS_UNAVAILABLE, "cannot reach it"));
  JARVIS_CHECK(answer.hint == "start it");
}

void an_empty_request_is_refused_before_it_is_sent() {
  Engine engine;
  sdk::GenerateRequest request = question();
  request.messages = {{"user", "", {}, {}, {}}};
  JARVIS_CHECK(says(engine.ask(request), JARVIS_INVALID, "no message"));
  JARVIS_CHECK(engine.sent.url.empty());
}

void the_key_goes_into_acmes_own_header() {
  for (const char* base : {"http://h:1", "http://h:1/"}) {
    Engine engine;
    sdk::GenerateRequest request = question();
    request.base_url = base;
    JARVIS_CHECK(engine.ask(request).ok());
    JARVIS_CHECK(engine.sent.url == "http://h:1/converse");
    JARVIS_CHECK(engine.sent.key_header == "X-Acme-Key");
    JARVIS_CHECK(engine.sent.key_prefix.empty());
  }
  Engine engine;
  sdk::GenerateRequest request = question();
  request.base_url = "";
  JARVIS_CHECK(engine.ask(request).ok());
  JARVIS_CHECK(engine.sent.url == "https://api.acme.example/converse");
}

void text_and_usage_come_back() {
  Engine engine;
  const Answer answer = engine.ask(question());
  JARVIS_CHECK(answer.ok());
  const sdk::GenerateResult result = sdk::generate_result(answer.result);
  JARVIS_CHECK(result.message.role == "assistant");
  JARVIS_CHECK(result.message.text == "hello");
  JARVIS_CHECK(result.stop_reason == "end");
  JARVIS_CHECK(result.model == "acme-large-2");
  JARVIS_CHECK(result.usage.input_tokens == 10);
  JARVIS_CHECK(result.usage.output_tokens == 20);
  JARVIS_CHECK(result.usage.cache_read_tokens == 3);
}

void an_answer_without_usage_is_taken_for_a_dear_one() {
  Engine engine;
  engine.answer.body = R"({"turn":{"says":"hello"},"ended":"done"})";
  const sdk::GenerateResult result = sdk::generate_result(engine.ask(question()).result);
  JARVIS_CHECK(result.usage.input_tokens == static_cast<std::int64_t>(engine.sent.body.size()));
  JARVIS_CHECK(result.usage.output_tokens == static_cast<std::int64_t>(engine.answer.body.size()));
  JARVIS_CHECK(result.model == "acme-large");
}

void an_end_is_told_by_its_reason() {
  const struct {
    const char *body, *reason;
  } rows[] = {
      {R"({"turn":{"says":"a"},"ended":"limit"})", "max_tokens"},
      {R"({"turn":{"says":""},"ended":"declined"})", "refusal"},
      {R"({"turn":{"wants":[{"ref":"r","action":"x"}]},"ended":"wants_actions"})", "tool_calls"},
      {R"({"turn":{"says":"a"}})", "end"}};
  for (const auto& row : rows) {
    Engine engine;
    engine.answer.body = row.body;
    JARVIS_CHECK(engine.ask(question()).result.at("stop_reason") == row.reason);
  }
}

void a_tool_call_comes_back_with_its_arguments() {
  Engine engine;
  engine.answer.body = R"({"turn":{"says":"I look.","wants":[)"
                       R"({"ref":"r1","action":"list_traces","input":{"limit":2}},)"
                       R"({"ref":"r2","action":"get_current_config"}]},"ended":"wants_actions"})";
  const sdk::GenerateResult result = sdk::generate_result(engine.ask(question()).result);
  JARVIS_CHECK(result.message.text == "I look.");
  JARVIS_CHECK(result.message.tool_calls.size() == 2);
  JARVIS_CHECK(result.message.tool_calls.at(0).id == "r1");
  JARVIS_CHECK(result.message.tool_calls.at(0).name == "list_traces");
  JARVIS_CHECK(result.message.tool_calls.at(0).arguments.at("limit") == 2);
  JARVIS_CHECK(result.message.tool_calls.at(1).arguments.empty());
}

void a_conversation_goes_out_in_acmes_shape() {
  Engine engine;
  sdk::GenerateRequest request = question();
  request.tools = {{"list_traces", "Lists traces.", {{"type", "object"}}}};
  request.may_call_tools = false;
  request.max_output_tokens = 99;
  request.messages.push_back({"assistant",
                              "",
                              {{"r1", "list_traces", {{"limit", 2}}}, {"r2", "list_traces", {}}},
                              {},
                              {}});
  request.messages.push_back({"tool", "", {}, {{"r1", "{}", false}, {"r2", "no", true}}, {}});
  JARVIS_CHECK(engine.ask(request).ok());
  const json::object expected = json::parse(R"({
    "model": "acme-large", "instructions": "You teach.", "output_limit": 99, "may_act": false,
    "actions": [{"name": "list_traces", "about": "Lists traces.", "input": {"type": "object"}}],
    "turns": [
      {"from": "user", "says": "why?"},
      {"from": "model", "says": "", "wants": [
        {"ref": "r1", "action": "list_traces", "input": {"limit": 2}},
        {"ref": "r2", "action": "list_traces", "input": {}}]},
      {"from": "actions", "results": [
        {"ref": "r1", "output": "{}", "failed": false},
        {"ref": "r2", "output": "no", "failed": true}]}]})")
                                    .as_object();
  JARVIS_CHECK(engine.body() == expected);
}

void what_is_not_set_is_not_sent() {
  Engine engine;
  sdk::GenerateRequest request = question();
  request.system.clear();
  JARVIS_CHECK(engine.ask(request).ok());
  for (const char* key : {"instructions", "temperature", "actions", "may_act"})
    JARVIS_CHECK(!engine.body().contains(key));
  request.temperature = 0.5;
  JARVIS_CHECK(engine.ask(request).ok());
  JARVIS_CHECK(engine.body().at("temperature") == 0.5);
}

}  // namespace

int main() {
  each_refusal_says_what_to_mend();
  an_answer_that_cannot_be_read_is_a_passing_fault();
  what_the_http_service_refuses_keeps_its_status();
  an_empty_request_is_refused_before_it_is_sent();
  the_key_goes_into_acmes_own_header();
  text_and_usage_come_back();
  an_answer_without_usage_is_taken_for_a_dear_one();
  an_end_is_told_by_its_reason();
  a_tool_call_comes_back_with_its_arguments();
  a_conversation_goes_out_in_acmes_shape();
  what_is_not_set_is_not_sent();
  return jarvis::testing::test_result();
}
