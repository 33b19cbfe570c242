#include <jarvis/c/testing.h>

#define ANSWER                                                                \
  "{\"status\":200,\"body\":\"{\\\"model\\\":\\\"small\\\",\\\"choices\\\":[" \
  "{\\\"message\\\":{\\\"content\\\":\\\"Hi.\\\"}}]}\"}"

static jarvis_test_plugin plugin;
static const jarvis_student_runner_1* student;

/* What a call gives, where `part` is looked for in the result; NULL looks for nothing. */
static int answers(jarvis_test_host* host, jarvis_function function, const char* base_url,
                   const char* reply, jarvis_status status, const char* part) {
  jarvis_test_answer answer;
  char request[512];
  int same;
  snprintf(
      request, sizeof request,
      "{\"home\":\"/nonexistent\",\"query\":\"Hello?\",\"agent\":\"simple\",\"base_url\":\"%s\"}",
      base_url);
  host->reply = reply;
  answer = jarvis_test_call(function, plugin.self, host, request);
  same = answer.status == status && (!part || strstr(answer.result.data, part));
  jarvis_test_answer_free(&answer);
  return same;
}

int main(void) {
  const char* server = "http://127.0.0.1:9/v1/";
  jarvis_test_host host = {0};
  jarvis_str sent;
  char body[1024];
  plugin = jarvis_test_load(PLUGIN_FILE);
  student = (const jarvis_student_runner_1*)jarvis_test_table(&plugin, JARVIS_STUDENT_RUNNER_1);

  JARVIS_CHECK(answers(&host, student->run, "\"", ANSWER, JARVIS_INVALID, NULL));
  JARVIS_CHECK(answers(&host, student->run, "", ANSWER, JARVIS_UNAVAILABLE, NULL));
  JARVIS_CHECK(answers(&host, student->run, server, NULL, JARVIS_REFUSED, NULL));
  JARVIS_CHECK(answers(&host, student->run, server, "{\"status\":503,\"body\":\"\"}",
                       JARVIS_RETRYABLE, NULL));
  JARVIS_CHECK(answers(&host, student->run, server, "{\"status\":404,\"body\":\"\"}",
                       JARVIS_UNAVAILABLE, NULL));
  JARVIS_CHECK(answers(&host, student->run, server, "{\"status\":200,\"body\":\"{}\"}",
                       JARVIS_RETRYABLE, NULL));

  host.settings = "{\"model\":\"small\"}";
  JARVIS_CHECK(answers(&host, student->run, server, ANSWER, JARVIS_OK, "\"output\":\"Hi.\""));
  sent = jarvis_text_view(&host.request);
  JARVIS_CHECK(
      jarvis_is(jarvis_json_member(sent, "url"), "\"http://127.0.0.1:9/v1/chat/completions\""));
  JARVIS_CHECK(jarvis_json_string(sent, "body", body, sizeof body) > 0);
  JARVIS_CHECK(strstr(body, "\"model\":\"small\""));
  JARVIS_CHECK(strstr(body, "\"content\":\"Hello?\""));

  JARVIS_CHECK(answers(&host, student->probe, "http://127.0.0.1:9",
                       "{\"status\":200,\"body\":\"{\\\"data\\\":[{\\\"id\\\":\\\"small\\\"}]}\"}",
                       JARVIS_OK, "[\"small\"]"));
  jarvis_text_free(&host.request);
  return jarvis_test_result();
}
