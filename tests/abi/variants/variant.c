/* What variant.cpp does, in C99 without any library: all five interfaces on the headers alone. It
 * reads the requests of its tests, not any JSON. */
#include <jarvis/abi/plugin.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct buffer {
  char text[16384];
  size_t length;
} buffer;

static jarvis_str str(const char* literal) {
  jarvis_str made;
  made.ptr = literal;
  made.len = strlen(literal);
  return made;
}

static jarvis_str str_of(const buffer* from) {
  jarvis_str made;
  made.ptr = from->text;
  made.len = from->length;
  return made;
}

static int is(jarvis_str one, const char* other) {
  return one.len == strlen(other) && memcmp(one.ptr, other, (size_t)one.len) == 0;
}

static void add(buffer* to, jarvis_str text) {
  const size_t room = sizeof to->text - to->length;
  const size_t length = text.len < room ? (size_t)text.len : room;
  memcpy(to->text + to->length, text.ptr, length);
  to->length += length;
}

static void add_all(buffer* to, ...) {
  const char* text;
  va_list texts;
  va_start(texts, to);
  while ((text = va_arg(texts, const char*)) != NULL) add(to, str(text));
  va_end(texts);
}

static const char* terminate(buffer* of) {
  of->text[of->length < sizeof of->text ? of->length : sizeof of->text - 1] = 0;
  return of->text;
}

/* As the inside of a JSON string. */
static void add_escaped(buffer* to, const buffer* from) {
  size_t at;
  for (at = 0; at < from->length; ++at) {
    const char c = from->text[at];
    if (c == '"' || c == '\\') add(to, str("\\"));
    if (c == '\n')
      add(to, str("\\n"));
    else {
      jarvis_str one;
      one.ptr = from->text + at;
      one.len = 1;
      add(to, one);
    }
  }
}

/* The string behind `key` ("\"home\":\""), into `value` with a NUL; 0 when there is none. What is
 * borrowed has no end of its own. */
static int read_field(jarvis_str request, const char* key, buffer* value) {
  const size_t length = strlen(key);
  uint64_t at, end;
  value->length = 0;
  value->text[0] = 0;
  for (at = 0; at + length <= request.len; ++at)
    if (memcmp(request.ptr + at, key, length) == 0) {
      jarvis_str found;
      for (end = at + length; end < request.len && request.ptr[end] != '"'; ++end) continue;
      found.ptr = request.ptr + at + length;
      found.len = end - at - length;
      add(value, found);
      terminate(value);
      return 1;
    }
  return 0;
}

static jarvis_status fail(const jarvis_reply* reply, jarvis_status status, const char* message,
                          const char* hint) {
  jarvis_error error;
  memset(&error, 0, sizeof error);
  error.struct_size = sizeof error;
  error.code = status;
  error.message = str(message);
  error.hint = str(hint);
  reply->error(reply->context, &error);
  return status;
}

static jarvis_status give(const jarvis_reply* reply, const buffer* result) {
  reply->result(reply->context, str_of(result));
  return JARVIS_OK;
}

static jarvis_status refuse(jarvis_str request, const jarvis_reply* reply) {
  buffer how;
  read_field(request, "\"do\":\"", &how);
  if (strcmp(how.text, "refuse") == 0)
    return fail(reply, JARVIS_REFUSED, "it is refused for good", "ask for something else");
  return fail(reply, JARVIS_INVALID, "there is no way to do that", "");
}

static jarvis_status validate(void* self, const jarvis_host* host, jarvis_str request,
                              const jarvis_reply* reply) {
  buffer value;
  (void)self;
  (void)host;
  if (!read_field(request, "\"note\":\"", &value))
    return fail(reply, JARVIS_INVALID, "field 'note' is missing", "");
  if (read_field(request, "\"do\":\"", &value)) return refuse(request, reply);
  reply->result(reply->context, str("{\"schema\":\"edit-check/1\"}"));
  return JARVIS_OK;
}

static jarvis_status apply(void* self, const jarvis_host* host, jarvis_str request,
                           const jarvis_reply* reply) {
  buffer home, note, result = {{0}, 0};
  FILE* file;
  (void)self;
  read_field(request, "\"home\":\"", &home);
  read_field(request, "\"note\":\"", &note);
  add(&home, str("/config.toml"));
  file = fopen(terminate(&home), "a");
  if (!file) return fail(reply, JARVIS_UNAVAILABLE, "config.toml cannot be opened", "look at it");
  fprintf(file, "[agent]\nnote = \"%s\"\n", note.text);
  fclose(file);
  host->log(host->context, JARVIS_LOG_INFO, str("wrote a note"));
  add_all(&result, "{\"schema\":\"edit-result/1\",\"changed_files\":[\"config.toml\"],",
          "\"summary\":\"agent.note = \\\"", note.text, "\\\"\"}", (char*)NULL);
  return give(reply, &result);
}

static jarvis_status call(void* self, const jarvis_host* host, jarvis_str request,
                          const jarvis_reply* reply) {
  buffer value;
  (void)self;
  if (read_field(request, "\"do\":\"", &value)) return refuse(request, reply);
  if (read_field(request, "\"service\":\"", &value))
    return host->call(host->context, str_of(&value), str("{\"from\":\"" VARIANT "\"}"), reply);
  return host->settings(host->context, reply);
}

/* The sink for the answer of a service: it is copied, because it ends with the sink's call. */
static void keep_result(void* context, jarvis_str json) {
  add(context, json);
}

static void keep_error(void* context, const jarvis_error* error) {
  add(context, error->message);
}

static jarvis_status generate(void* self, const jarvis_host* host, jarvis_str request,
                              const jarvis_reply* reply) {
  buffer url, model, body, http = {{0}, 0}, answer = {{0}, 0}, result = {{0}, 0};
  jarvis_reply sink;
  jarvis_status status;
  (void)self;
  if (host->cancelled(host->context))
    return fail(reply, JARVIS_CANCELLED, "nobody wants the answer", "");
  read_field(request, "\"base_url\":\"", &url);
  read_field(request, "\"model\":\"", &model);
  add_all(&http, "{\"schema\":\"http-request/1\",\"method\":\"POST\",\"url\":\"", url.text,
          "/generate\",\"headers\":[[\"content-type\",\"application/json\"]],",
          "\"body\":\"{\\\"model\\\":\\\"", model.text, "\\\"}\"}", (char*)NULL);
  memset(&sink, 0, sizeof sink);
  sink.struct_size = sizeof sink;
  sink.context = &answer;
  sink.result = keep_result;
  sink.error = keep_error;
  status = host->call(host->context, str("http"), str_of(&http), &sink);
  if (status != JARVIS_OK) return fail(reply, status, terminate(&answer), "");
  read_field(str_of(&answer), "\"body\":\"", &body);
  if (!strstr(terminate(&answer), "\"status\":200")) {
    add_all(&result, "the provider says ", body.text, (char*)NULL);
    return fail(reply, JARVIS_REFUSED, terminate(&result), "");
  }
  add_all(&result, "{\"schema\":\"generate-result/1\",\"message\":{\"role\":\"assistant\",",
          "\"text\":\"", body.text, "\"},\"stop_reason\":\"end\",\"model\":\"", model.text,
          "\",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}", (char*)NULL);
  return give(reply, &result);
}

static jarvis_status run(void* self, const jarvis_host* host, jarvis_str request,
                         const jarvis_reply* reply) {
  buffer query, home, config = {{0}, 0}, result = {{0}, 0};
  FILE* file;
  (void)self;
  (void)host;
  read_field(request, "\"query\":\"", &query);
  read_field(request, "\"home\":\"", &home);
  add(&home, str("/config.toml"));
  file = fopen(terminate(&home), "r");
  if (!file) return fail(reply, JARVIS_UNAVAILABLE, "config.toml cannot be read", "look at it");
  config.length = fread(config.text, 1, sizeof config.text, file);
  fclose(file);
  add_all(&result, "{\"schema\":\"student-result/1\",\"output\":\"", query.text, ": ", (char*)NULL);
  add_escaped(&result, &config);
  add(&result, str("\"}"));
  return give(reply, &result);
}

static jarvis_status probe(void* self, const jarvis_host* host, jarvis_str request,
                           const jarvis_reply* reply) {
  (void)self;
  (void)host;
  (void)request;
  reply->result(reply->context,
                str("{\"schema\":\"student-probe-result/1\",\"models\":[\"first\",\"second\"]}"));
  return JARVIS_OK;
}

static jarvis_status score(void* self, const jarvis_host* host, jarvis_str request,
                           const jarvis_reply* reply) {
  buffer query, gold, answer, result = {{0}, 0};
  const char* points = "0.25";
  (void)self;
  (void)host;
  read_field(request, "\"query\":\"", &query);
  read_field(request, "\"gold\":\"", &gold);
  read_field(request, "\"answer\":\"", &answer);
  if (strcmp(gold.text, answer.text) == 0) points = "1.0";
  if (strcmp(query.text, "unreadable") == 0) points = "null";
  add_all(&result, "{\"schema\":\"judge-result/1\",\"score\":", points, ",\"reason\":\"compared\"}",
          (char*)NULL);
  return give(reply, &result);
}

static jarvis_status init(const jarvis_host* host, const jarvis_reply* reply, void** self) {
  (void)host;
  *self = malloc(16);
  reply->result(reply->context, str("{}"));
  return JARVIS_OK;
}

static void deinit(void* self) {
  free(self);
}

static const jarvis_edit_applier_1 applier = {sizeof(jarvis_edit_applier_1), 0, validate, apply};
static const jarvis_diagnostic_tool_1 tool = {sizeof(jarvis_diagnostic_tool_1), 0, call};
static const jarvis_teacher_engine_1 engine = {sizeof(jarvis_teacher_engine_1), 0, generate};
static const jarvis_student_runner_1 runner = {sizeof(jarvis_student_runner_1), 0, run, probe};
static const jarvis_judge_1 judge = {sizeof(jarvis_judge_1), 0, score};

static const void* get_interface(void* self, jarvis_str id) {
  (void)self;
  if (is(id, JARVIS_EDIT_APPLIER_1)) return &applier;
  if (is(id, JARVIS_DIAGNOSTIC_TOOL_1)) return &tool;
  if (is(id, JARVIS_TEACHER_ENGINE_1)) return &engine;
  if (is(id, JARVIS_STUDENT_RUNNER_1)) return &runner;
  if (is(id, JARVIS_JUDGE_1)) return &judge;
  return NULL;
}

extern const jarvis_plugin jarvis_plugin_entry;
const jarvis_plugin jarvis_plugin_entry = {sizeof(jarvis_plugin),
                                           JARVIS_ABI_MAGIC,
                                           JARVIS_ABI_MAJOR,
                                           JARVIS_ABI_MINOR,
                                           {VARIANT, sizeof VARIANT - 1},
                                           {VARIANT, sizeof VARIANT - 1},
                                           {"1.0.0", 5},
                                           init,
                                           deinit,
                                           get_interface};
