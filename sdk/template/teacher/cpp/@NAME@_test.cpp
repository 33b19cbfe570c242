#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/sdk/payload/http.hpp>
#include <jarvis/testing/check.hpp>
#include <jarvis/testing/loaded_plugin.hpp>

namespace {

namespace sdk = jarvis::sdk;
namespace json = boost::json;
using jarvis::testing::Answer;

/** The plugin with a provider that gives one answer. */
struct Teacher {
  jarvis::testing::LoadedPlugin plugin{PLUGIN_FILE};
  jarvis::testing::FakeHost host;
  sdk::HttpRequest sent;

  Answer ask(int status, const std::string& body, const std::string& base_url = "") {
    host.services["http"] = [&, this](const json::object& request) {
      sent = sdk::http_request(request);
      return sdk::to_json(sdk::HttpResult{status, {}, body});
    };
    sdk::GenerateRequest question;
    question.model = "example-large";
    question.base_url = base_url;
    question.system = "Be brief.";
    question.messages = {{"user", "Hello?", {}, {}, {}}};
    const auto& engine = plugin.of<jarvis_teacher_engine_1>(JARVIS_TEACHER_ENGINE_1);
    return plugin.call(engine.generate, sdk::to_json(question), host);
  }
};

void says_what_to_do_about_each_failure() {
  Teacher teacher;
  JARVIS_CHECK(teacher.ask(401, "").status == JARVIS_UNAVAILABLE);
  JARVIS_CHECK(teacher.ask(429, "").status == JARVIS_RETRYABLE);
  JARVIS_CHECK(teacher.ask(503, "").status == JARVIS_RETRYABLE);
  JARVIS_CHECK(teacher.ask(400, "").status == JARVIS_INVALID);
  JARVIS_CHECK(teacher.ask(200, "<html>").status == JARVIS_INVALID);
}

void sends_the_conversation_and_names_the_header_for_the_key() {
  Teacher teacher;
  JARVIS_CHECK(teacher.ask(200, R"({"text":"Hi."})").ok());
  JARVIS_CHECK(teacher.sent.url == "https://api.example.com/v1/complete");
  JARVIS_CHECK(teacher.sent.key_header == "x-api-token");
  const json::object body = sdk::parse_object(teacher.sent.body, "body");
  JARVIS_CHECK(body.at("system") == "Be brief.");
  JARVIS_CHECK(body.at("messages").as_array().size() == 1);
  teacher.ask(200, "{}", "http://127.0.0.1:9/");
  JARVIS_CHECK(teacher.sent.url == "http://127.0.0.1:9/complete");
}

void reads_text_calls_and_usage() {
  Teacher teacher;
  const Answer answer = teacher.ask(
      200, R"({"text":"I look.","usage":{"input":7,"output":3},)"
           R"("tool_calls":[{"id":"a","name":"list_traces","arguments":{"limit":2}}]})");
  JARVIS_CHECK(answer.ok());
  const sdk::GenerateResult result = sdk::generate_result(answer.result);
  JARVIS_CHECK(result.message.text == "I look.");
  JARVIS_CHECK(result.stop_reason == "tool_calls");
  JARVIS_CHECK(result.message.tool_calls.size() == 1);
  JARVIS_CHECK(result.usage.input_tokens == 7 && result.usage.output_tokens == 3);
}

}  // namespace

int main() {
  says_what_to_do_about_each_failure();
  sends_the_conversation_and_names_the_header_for_the_key();
  reads_text_calls_and_usage();
  return jarvis::testing::test_result();
}
