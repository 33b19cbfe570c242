#include <jarvis/c/testing.h>

static jarvis_test_plugin plugin;
static const jarvis_teacher_engine_1* engine;

#define REQUEST                                                                            \
  "{\"model\":\"example-large\",\"base_url\":\"\",\"system\":\"Be brief.\",\"messages\":[" \
  "{\"role\":\"user\",\"text\":\"Hello?\"}],\"tools\":[],\"max_output_tokens\":64}"

static int answers(jarvis_test_host* host, const char* reply, jarvis_status status) {
  jarvis_test_answer answer;
  int same;
  host->reply = reply;
  answer = jarvis_test_call(engine->generate, plugin.self, host, REQUEST);
  same = answer.status == status;
  jarvis_test_answer_free(&answer);
  return same;
}

static void reads_text_calls_and_usage(jarvis_test_host* host) {
  jarvis_test_answer answer;
  jarvis_str result;
  host->reply =
      "{\"status\":200,\"body\":\"{\\\"text\\\":\\\"I look.\\\",\\\"usage\\\":{\\\"input\\\":7},"
      "\\\"tool_calls\\\":[{\\\"id\\\":\\\"a\\\",\\\"name\\\":\\\"list_traces\\\"}]}\"}";
  answer = jarvis_test_call(engine->generate, plugin.self, host, REQUEST);
  result = jarvis_text_view(&answer.result);
  JARVIS_CHECK(
      jarvis_is(jarvis_json_member(jarvis_json_member(result, "message"), "text"), "\"I look.\""));
  JARVIS_CHECK(jarvis_is(jarvis_json_member(result, "stop_reason"), "\"tool_calls\""));
  JARVIS_CHECK(
      jarvis_is(jarvis_json_member(jarvis_json_member(result, "usage"), "input_tokens"), "7"));
  jarvis_test_answer_free(&answer);
}

int main(void) {
  jarvis_test_host host = {0};
  jarvis_str sent;
  plugin = jarvis_test_load(PLUGIN_FILE);
  engine = (const jarvis_teacher_engine_1*)jarvis_test_table(&plugin, JARVIS_TEACHER_ENGINE_1);
  JARVIS_CHECK(answers(&host, NULL, JARVIS_REFUSED));
  JARVIS_CHECK(answers(&host, "{\"status\":401,\"body\":\"\"}", JARVIS_UNAVAILABLE));
  JARVIS_CHECK(answers(&host, "{\"status\":429,\"body\":\"\"}", JARVIS_RETRYABLE));
  JARVIS_CHECK(answers(&host, "{\"status\":503,\"body\":\"\"}", JARVIS_RETRYABLE));
  JARVIS_CHECK(answers(&host, "{\"status\":400,\"body\":\"\"}", JARVIS_INVALID));
  JARVIS_CHECK(answers(&host, "{\"status\":200,\"body\":\"<html>\"}", JARVIS_RETRYABLE));
  JARVIS_CHECK(
      answers(&host, "{\"status\":200,\"body\":\"{\\\"text\\\":\\\"Hi.\\\"}\"}", JARVIS_OK));
  sent = jarvis_text_view(&host.request);
  JARVIS_CHECK(
      jarvis_is(jarvis_json_member(sent, "url"), "\"https://api.example.com/v1/complete\""));
  JARVIS_CHECK(jarvis_is(jarvis_json_member(sent, "key_header"), "\"x-api-token\""));
  reads_text_calls_and_usage(&host);
  jarvis_text_free(&host.request);
  return jarvis_test_result();
}
