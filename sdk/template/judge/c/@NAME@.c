#include <jarvis/c/plugin.h>

/* In place: lower case, one blank between words, no full stop at the end. Letters beyond ASCII
 * stay. */
static void normalise(char* text) {
  char* out = text;
  const char* in = text;
  int blank = 0;
  for (; *in; ++in) {
    if (strchr(" \t\n\r", *in)) {
      blank = out != text;
      continue;
    }
    if (blank) *out++ = ' ';
    blank = 0;
    *out++ = (char)(*in >= 'A' && *in <= 'Z' ? *in - 'A' + 'a' : *in);
  }
  while (out != text && (out[-1] == '.' || out[-1] == ' ')) --out;
  *out = 0;
}

/* The string at `key`, normalised; NULL where there is none. To be freed. */
static char* text_at(jarvis_str request, const char* key) {
  const jarvis_str value = jarvis_json_member(request, key);
  char* text = (char*)malloc((size_t)value.len + 1);
  if (text && jarvis_json_text(value, text, (size_t)value.len + 1) < 0) {
    free(text);
    return NULL;
  }
  if (text) normalise(text);
  return text;
}

/* Called from many threads at once: it keeps no state of its own. */
static jarvis_status score(void* self, const jarvis_host* host, jarvis_str request,
                           const jarvis_reply* reply) {
  char *gold, *answer;
  jarvis_text result = {0};
  (void)self;
  (void)host;
  if (jarvis_require_strings(reply, request, "query gold answer") != JARVIS_OK)
    return JARVIS_INVALID;
  gold = text_at(request, "gold");
  answer = text_at(request, "answer");
  if (!gold || !answer) {
    free(gold);
    free(answer);
    return jarvis_fail(reply, JARVIS_INVALID, "field 'gold' or 'answer' cannot be held", "");
  }
  jarvis_text_add(&result, "{\"schema\":\"judge-result/1\",");
  if (!*gold)
    jarvis_text_add(&result, "\"score\":null,\"reason\":\"the reference answer is empty\"");
  else if (strcmp(gold, answer) == 0)
    jarvis_text_add(&result, "\"score\":1.0,\"reason\":\"the same words\"");
  else
    jarvis_text_add(&result, "\"score\":0.0,\"reason\":\"other words than the reference answer\"");
  jarvis_text_add(&result,
                  ",\"usage\":{\"input_tokens\":0,\"output_tokens\":0,"
                  "\"cache_read_tokens\":0,\"cache_write_tokens\":0}}");
  free(gold);
  free(answer);
  return jarvis_answer(reply, &result);
}

static const jarvis_judge_1 judge = {sizeof(jarvis_judge_1), 0, score};

JARVIS_C_PLUGIN("@NAME@", "0.1.0", JARVIS_JUDGE_1, &judge);
