#include <jarvis/c/testing.h>

static jarvis_test_plugin plugin;
static const jarvis_judge_1* judge;

/* The score as it is written in the result. */
static int scores(const char* gold, const char* answer, const char* score) {
  jarvis_test_host host = {0};
  jarvis_test_answer made;
  char request[512];
  int same;
  snprintf(request, sizeof request, "{\"query\":\"?\",\"gold\":\"%s\",\"answer\":\"%s\"}", gold,
           answer);
  made = jarvis_test_call(judge->score, plugin.self, &host, request);
  same = made.status == JARVIS_OK &&
         jarvis_is(jarvis_json_member(jarvis_text_view(&made.result), "score"), score);
  jarvis_test_answer_free(&made);
  return same;
}

static int refuses(const char* request) {
  jarvis_test_host host = {0};
  jarvis_test_answer made = jarvis_test_call(judge->score, plugin.self, &host, request);
  const int refused = made.status == JARVIS_INVALID;
  jarvis_test_answer_free(&made);
  return refused;
}

int main(void) {
  plugin = jarvis_test_load(PLUGIN_FILE);
  judge = (const jarvis_judge_1*)jarvis_test_table(&plugin, JARVIS_JUDGE_1);
  JARVIS_CHECK(refuses("not json"));
  JARVIS_CHECK(refuses("{\"gold\":\"Paris\"}"));
  JARVIS_CHECK(scores("Paris", "  paris.\\n", "1.0"));
  JARVIS_CHECK(scores("New York", "new\\nyork", "1.0"));
  JARVIS_CHECK(scores("Paris", "Lyon", "0.0"));
  JARVIS_CHECK(scores("Paris", "", "0.0"));
  JARVIS_CHECK(scores(" . ", "", "null"));
  return jarvis_test_result();
}
