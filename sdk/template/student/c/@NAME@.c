#include <jarvis/c/plugin.h>

/* The agent's system prompt as the home has it; empty where there is none. */
static void add_prompt(jarvis_text* prompt, jarvis_str request) {
  char home[3900], agent[128], path[4096];
  if (jarvis_json_string(request, "agent", agent, sizeof agent) < 1) strcpy(agent, "simple");
  if (jarvis_json_string(request, "home", home, sizeof home) < 1 || !jarvis_is_name(agent)) return;
  sprintf(path, "%s/agents/%s/system_prompt.md", home, agent);
  jarvis_text_add_file(prompt, path);
}

/* Asks the student's server by way of the host, which adds the key. `answer` becomes the body's
 * JSON. */
static jarvis_status ask(const jarvis_host* host, const jarvis_reply* reply, jarvis_str request,
                         const char* method, const char* path, jarvis_text* body,
                         jarvis_text* answer) {
  jarvis_text http = {0}, whole = {0};
  char base[1024];
  ptrdiff_t length = jarvis_json_string(request, "base_url", base, sizeof base - 64);
  jarvis_status status;
  jarvis_str code;
  char* text;
  while (length > 0 && base[length - 1] == '/') base[--length] = 0;
  if (length < 3 || strcmp(base + length - 3, "/v1") != 0) strcat(base, "/v1");
  strcat(base, path);
  jarvis_text_add(&http, "{\"schema\":\"http-request/1\",\"method\":");
  jarvis_text_add_string(&http, jarvis_borrow(method));
  jarvis_text_add(&http, ",\"url\":");
  jarvis_text_add_string(&http, jarvis_borrow(base));
  jarvis_text_add(&http, ",\"headers\":[[\"content-type\",\"application/json\"]],\"body\":");
  jarvis_text_add_string(&http, jarvis_text_view(body));
  jarvis_text_add(&http, ",\"key_header\":\"authorization\",\"key_prefix\":\"Bearer \"}");
  http.failed = http.failed || body->failed;
  jarvis_text_free(body);
  if (length < 1) {
    jarvis_text_free(&http);
    return jarvis_fail(reply, JARVIS_UNAVAILABLE, "it is not known where the student listens",
                       "set learning.distillation.student.base_url");
  }
  status = jarvis_call(host, reply, "http", &http, &whole);
  if (status != JARVIS_OK) return status;
  code = jarvis_json_member(jarvis_text_view(&whole), "status");
  text = (char*)malloc(whole.size + 1);
  if (jarvis_is(code, "429") || (code.len == 3 && code.ptr[0] == '5'))
    status =
        jarvis_fail(reply, JARVIS_RETRYABLE, "the student's server is busy or has a fault", "");
  else if (code.len != 3 || code.ptr[0] != '2')
    status = jarvis_fail(reply, JARVIS_UNAVAILABLE, "the student's server refused the request", "");
  else if (!text || jarvis_json_string(jarvis_text_view(&whole), "body", text, whole.size + 1) < 0)
    status = jarvis_fail(reply, JARVIS_RETRYABLE, "the student's server gave no text", "");
  else
    jarvis_text_add(answer, text);
  free(text);
  jarvis_text_free(&whole);
  return status;
}

/* The plugin's own settings say which model to ask for: model = "…". */
static jarvis_status add_question(jarvis_text* body, const jarvis_host* host,
                                  const jarvis_reply* reply, jarvis_str request) {
  jarvis_text settings = {0}, prompt = {0};
  const jarvis_status status = jarvis_settings(host, reply, &settings);
  if (status != JARVIS_OK) return status;
  jarvis_text_add(body, "{\"model\":");
  jarvis_text_add_value(body, jarvis_json_member(jarvis_text_view(&settings), "model"), "\"\"");
  jarvis_text_free(&settings);
  jarvis_text_add(body, ",\"messages\":[");
  add_prompt(&prompt, request);
  if (prompt.size > 0) {
    jarvis_text_add(body, "{\"role\":\"system\",\"content\":");
    jarvis_text_add_string(body, jarvis_text_view(&prompt));
    jarvis_text_add(body, "},");
  }
  body->failed = body->failed || prompt.failed;
  jarvis_text_free(&prompt);
  jarvis_text_add(body, "{\"role\":\"user\",\"content\":");
  jarvis_text_add_value(body, jarvis_json_member(request, "query"), "\"\"");
  jarvis_text_add(body, "}]}");
  return JARVIS_OK;
}

/* Called from many threads at once: everything lies on the stack. */
static jarvis_status run(void* self, const jarvis_host* host, jarvis_str request,
                         const jarvis_reply* reply) {
  jarvis_text body = {0}, answer = {0}, result = {0};
  jarvis_str choice, content, usage;
  jarvis_status status = jarvis_require_strings(reply, request, "home query");
  size_t place = 0;
  (void)self;
  if (status == JARVIS_OK) status = add_question(&body, host, reply, request);
  if (status == JARVIS_OK)
    status = ask(host, reply, request, "POST", "/chat/completions", &body, &answer);
  if (status != JARVIS_OK) return status;
  content = jarvis_json_none();
  if (jarvis_json_next(jarvis_json_member(jarvis_text_view(&answer), "choices"), &place, &choice))
    content = jarvis_json_member(jarvis_json_member(choice, "message"), "content");
  if (content.len == 0) {
    jarvis_text_free(&answer);
    return jarvis_fail(reply, JARVIS_RETRYABLE, "the student's server gave no choice", "");
  }
  usage = jarvis_json_member(jarvis_text_view(&answer), "usage");
  jarvis_text_add(&result,
                  "{\"schema\":\"student-result/1\",\"turns\":1,\"tool_calls\":[],\"output\":");
  jarvis_text_add_value(&result, content, "\"\"");
  jarvis_text_add(&result, ",\"model\":");
  jarvis_text_add_value(&result, jarvis_json_member(jarvis_text_view(&answer), "model"), "\"\"");
  jarvis_text_add(&result,
                  ",\"usage\":{\"cache_read_tokens\":0,\"cache_write_tokens\":0,\"input_tokens\":");
  jarvis_text_add_value(&result, jarvis_json_member(usage, "prompt_tokens"), "0");
  jarvis_text_add(&result, ",\"output_tokens\":");
  jarvis_text_add_value(&result, jarvis_json_member(usage, "completion_tokens"), "0");
  jarvis_text_add(&result, "}}");
  jarvis_text_free(&answer);
  return jarvis_answer(reply, &result);
}

static jarvis_status probe(void* self, const jarvis_host* host, jarvis_str request,
                           const jarvis_reply* reply) {
  jarvis_text body = {0}, answer = {0}, result = {0};
  jarvis_str list, model;
  size_t place = 0;
  jarvis_status status = jarvis_require_strings(reply, request, "home");
  (void)self;
  if (status == JARVIS_OK) status = ask(host, reply, request, "GET", "/models", &body, &answer);
  if (status != JARVIS_OK) return status;
  list = jarvis_json_member(jarvis_text_view(&answer), "data");
  jarvis_text_add(&result, "{\"schema\":\"student-probe-result/1\",\"models\":");
  jarvis_text_add(&result, "[");
  while (jarvis_json_next(list, &place, &model)) {
    const jarvis_str id = jarvis_json_member(model, "id");
    if (id.len == 0) continue;
    if (result.data && result.data[result.size - 1] != '[') jarvis_text_add(&result, ",");
    jarvis_text_add_value(&result, id, "\"\"");
  }
  jarvis_text_add(&result, "]}");
  jarvis_text_free(&answer);
  return jarvis_answer(reply, &result);
}

static const jarvis_student_runner_1 student = {sizeof(jarvis_student_runner_1), 0, run, probe};

JARVIS_C_PLUGIN("@NAME@", "0.1.0", JARVIS_STUDENT_RUNNER_1, &student);
