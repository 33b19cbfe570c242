#include <jarvis/c/testing.h>

static jarvis_test_plugin plugin;
static const jarvis_diagnostic_tool_1* tool;

static int answers(jarvis_test_host* host, const char* request, jarvis_status status,
                   const char* result) {
  jarvis_test_answer answer = jarvis_test_call(tool->call, plugin.self, host, request);
  const int same = answer.status == status && (!result || strcmp(answer.result.data, result) == 0);
  jarvis_test_answer_free(&answer);
  return same;
}

int main(void) {
  jarvis_test_host host = {0};
  plugin = jarvis_test_load(PLUGIN_FILE);
  tool = (const jarvis_diagnostic_tool_1*)jarvis_test_table(&plugin, JARVIS_DIAGNOSTIC_TOOL_1);

  JARVIS_CHECK(answers(&host, "not json", JARVIS_INVALID, NULL));
  JARVIS_CHECK(
      answers(&host, "{\"tool\":\"@NAME@\",\"arguments\":{\"limit\":0}}", JARVIS_INVALID, NULL));
  JARVIS_CHECK(
      answers(&host, "{\"tool\":\"@NAME@\",\"arguments\":{\"limit\":101}}", JARVIS_INVALID, NULL));
  JARVIS_CHECK(answers(&host, "{\"tool\":\"@NAME@\",\"arguments\":{}}", JARVIS_REFUSED, NULL));

  host.reply =
      "{\"traces\":[{\"agent\":\"simple\"},{\"agent\":\"planner\"},{\"agent\":\"simple\"}]}";
  JARVIS_CHECK(answers(&host, "{\"tool\":\"@NAME@\",\"arguments\":{\"limit\":50}}", JARVIS_OK,
                       "{\"traces\":3,\"agents\":[{\"agent\":\"simple\",\"traces\":2},"
                       "{\"agent\":\"planner\",\"traces\":1}]}"));
  JARVIS_CHECK(strcmp(host.service, "traces") == 0);
  JARVIS_CHECK(strcmp(host.request.data, "{\"action\":\"list\",\"limit\":50}") == 0);
  jarvis_text_free(&host.request);
  return jarvis_test_result();
}
