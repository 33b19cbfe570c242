#include <jarvis/c/plugin.h>

#define BASE_URL "https://api.example.com/v1"

/* The request in the provider's form. This one takes messages and tools as the host has them. */
static void add_body(jarvis_text* body, jarvis_str request) {
  static const char* const copied[] = {"model", "system", "messages", "tools", "may_call_tools"};
  const jarvis_str temperature = jarvis_json_member(request, "temperature");
  size_t i;
  jarvis_text_add(body, "{");
  for (i = 0; i < sizeof copied / sizeof copied[0]; ++i) {
    jarvis_text_add_string(body, jarvis_borrow(copied[i]));
    jarvis_text_add(body, ":");
    jarvis_text_add_value(body, jarvis_json_member(request, copied[i]), "null");
    jarvis_text_add(body, ",");
  }
  if (temperature.len > 0) {
    jarvis_text_add(body, "\"temperature\":");
    jarvis_text_add_value(body, temperature, "null");
    jarvis_text_add(body, ",");
  }
  jarvis_text_add(body, "\"max_tokens\":");
  jarvis_text_add_value(body, jarvis_json_member(request, "max_output_tokens"), "4096");
  jarvis_text_add(body, "}");
}

/* The host adds the key to the header that is named here; the plugin never sees it. */
static void add_http_request(jarvis_text* http, jarvis_str request) {
  char base[1024];
  char url[sizeof base + 16];
  jarvis_text body = {0};
  ptrdiff_t length = jarvis_json_string(request, "base_url", base, sizeof base);
  if (length < 1) length = (ptrdiff_t)strlen(strcpy(base, BASE_URL));
  while (length > 0 && base[length - 1] == '/') base[--length] = 0;
  sprintf(url, "%s/complete", base);
  add_body(&body, request);
  jarvis_text_add(http, "{\"schema\":\"http-request/1\",\"method\":\"POST\",\"url\":");
  jarvis_text_add_string(http, jarvis_borrow(url));
  jarvis_text_add(http, ",\"headers\":[[\"content-type\",\"application/json\"]],\"body\":");
  jarvis_text_add_string(http, jarvis_text_view(&body));
  jarvis_text_add(http, ",\"key_header\":\"x-api-token\",\"key_prefix\":\"\"}");
  http->failed = http->failed || body.failed;
  jarvis_text_free(&body);
}

/* The status tells the host what to do: ask again, give up, or tell the user what to mend. */
static jarvis_status check_success(const jarvis_reply* reply, jarvis_str answer) {
  const jarvis_str status = jarvis_json_member(answer, "status");
  const int first = status.len == 3 ? status.ptr[0] : '?';
  if (first == '2') return JARVIS_OK;
  if (jarvis_is(status, "401") || jarvis_is(status, "403"))
    return jarvis_fail(reply, JARVIS_UNAVAILABLE, "the provider refused the key",
                       "check the environment variable EXAMPLE_API_TOKEN");
  if (jarvis_is(status, "429") || first == '5')
    return jarvis_fail(reply, JARVIS_RETRYABLE, "the provider is busy or has a fault", "");
  return jarvis_fail(reply, JARVIS_INVALID, "the provider refused the request", "");
}

static void add_result(jarvis_text* result, jarvis_str body, jarvis_str request) {
  const jarvis_str usage = jarvis_json_member(body, "usage");
  const jarvis_str calls = jarvis_json_member(body, "tool_calls");
  jarvis_str item;
  size_t place = 0;
  const int has_calls = jarvis_json_next(calls, &place, &item);
  jarvis_str model = jarvis_json_member(body, "model");
  if (model.len == 0) model = jarvis_json_member(request, "model");
  jarvis_text_add(
      result, "{\"schema\":\"generate-result/1\",\"message\":{\"role\":\"assistant\",\"text\":");
  jarvis_text_add_value(result, jarvis_json_member(body, "text"), "\"\"");
  if (has_calls) jarvis_text_add(result, ",\"tool_calls\":");
  if (has_calls) jarvis_text_add_value(result, calls, "[]");
  jarvis_text_add(result, "},\"stop_reason\":");
  if (has_calls)
    jarvis_text_add(result, "\"tool_calls\"");
  else
    jarvis_text_add_value(result, jarvis_json_member(body, "stop_reason"), "\"end\"");
  jarvis_text_add(result, ",\"model\":");
  jarvis_text_add_value(result, model, "\"\"");
  jarvis_text_add(result,
                  ",\"usage\":{\"cache_read_tokens\":0,\"cache_write_tokens\":0,\"input_tokens\":");
  jarvis_text_add_value(result, jarvis_json_member(usage, "input"), "0");
  jarvis_text_add(result, ",\"output_tokens\":");
  jarvis_text_add_value(result, jarvis_json_member(usage, "output"), "0");
  jarvis_text_add(result, "}}");
}

/* Called from many threads at once: everything lies on the stack. */
static jarvis_status generate(void* self, const jarvis_host* host, jarvis_str request,
                              const jarvis_reply* reply) {
  jarvis_text http = {0}, answer = {0}, result = {0};
  char* body;
  jarvis_status status;
  (void)self;
  if (jarvis_require_strings(reply, request, "model") != JARVIS_OK) return JARVIS_INVALID;
  add_http_request(&http, request);
  status = jarvis_call(host, reply, "http", &http, &answer);
  if (status != JARVIS_OK) return status;
  status = check_success(reply, jarvis_text_view(&answer));
  body = (char*)malloc(answer.size + 1);
  if (status == JARVIS_OK &&
      (!body || jarvis_json_string(jarvis_text_view(&answer), "body", body, answer.size + 1) < 0 ||
       !jarvis_json_valid(jarvis_borrow(body))))
    status = jarvis_fail(reply, JARVIS_RETRYABLE, "the provider's answer is not JSON", "");
  if (status == JARVIS_OK) {
    add_result(&result, jarvis_borrow(body), request);
    status = jarvis_answer(reply, &result);
  }
  free(body);
  jarvis_text_free(&answer);
  return status;
}

static const jarvis_teacher_engine_1 engine = {sizeof(jarvis_teacher_engine_1), 0, generate};

JARVIS_C_PLUGIN("@NAME@", "0.1.0", JARVIS_TEACHER_ENGINE_1, &engine);
