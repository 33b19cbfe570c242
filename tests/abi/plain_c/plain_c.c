#include <jarvis/abi/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jarvis_str text(const char* literal) {
  jarvis_str made;
  made.ptr = literal;
  made.len = strlen(literal);
  return made;
}

static jarvis_status fail(const jarvis_reply* reply, jarvis_status status, const char* message,
                          const char* hint) {
  jarvis_error error;
  memset(&error, 0, sizeof error);
  error.struct_size = sizeof error;
  error.code = status;
  error.message = text(message);
  error.hint = text(hint);
  reply->error(reply->context, &error);
  return status;
}

static int is(jarvis_str one, const char* other) {
  return one.len == strlen(other) && memcmp(one.ptr, other, (size_t)one.len) == 0;
}

/* Finds the text after `key`; what is borrowed has no end of its own. */
static const char* find(jarvis_str request, const char* key) {
  const size_t length = strlen(key);
  uint64_t at;
  for (at = 0; at + length <= request.len; ++at)
    if (memcmp(request.ptr + at, key, length) == 0) return request.ptr + at + length;
  return NULL;
}

static jarvis_status validate(void* self, const jarvis_host* host, jarvis_str request,
                              const jarvis_reply* reply) {
  (void)self;
  (void)host;
  if (!find(request, "\"home\":\"")) return fail(reply, JARVIS_INVALID, "there is no home", "");
  reply->result(reply->context, text("{\"schema\":\"edit-check/1\"}"));
  return JARVIS_OK;
}

static jarvis_status apply(void* self, const jarvis_host* host, jarvis_str request,
                           const jarvis_reply* reply) {
  const char* home = find(request, "\"home\":\"");
  const char* end = home ? memchr(home, '"', (size_t)(request.ptr + request.len - home)) : NULL;
  char path[4096];
  FILE* file;
  (void)self;
  if (!end || end - home > 4000) return fail(reply, JARVIS_INVALID, "there is no home", "");
  sprintf(path, "%.*s/config.toml", (int)(end - home), home);
  file = fopen(path, "a");
  if (!file) return fail(reply, JARVIS_UNAVAILABLE, "config.toml cannot be opened", "look at it");
  fputs("[agent]\nnote = \"from C\"\n", file);
  fclose(file);
  host->log(host->context, JARVIS_LOG_DEBUG, text("wrote a note"));
  reply->result(reply->context,
                text("{\"schema\":\"edit-result/1\",\"changed_files\":[\"config.toml\"],"
                     "\"summary\":\"agent.note = \\\"from C\\\"\"}"));
  return JARVIS_OK;
}

static jarvis_status call(void* self, const jarvis_host* host, jarvis_str request,
                          const jarvis_reply* reply) {
  (void)self;
  if (host->cancelled(host->context)) return JARVIS_CANCELLED;
  if (find(request, "\"fail\"")) return fail(reply, JARVIS_REFUSED, "C says no", "ask otherwise");
  if (find(request, "\"home\"")) return host->call(host->context, text("home"), text("{}"), reply);
  return host->settings(host->context, reply);
}

static jarvis_status init(const jarvis_host* host, const jarvis_reply* reply, void** self) {
  (void)host;
  *self = malloc(16);
  reply->result(reply->context, text("{}"));
  return JARVIS_OK;
}

static void deinit(void* self) {
  free(self);
}

static const jarvis_edit_applier_1 applier = {sizeof(jarvis_edit_applier_1), 0, validate, apply};
static const jarvis_diagnostic_tool_1 tool = {sizeof(jarvis_diagnostic_tool_1), 0, call};

static const void* get_interface(void* self, jarvis_str id) {
  (void)self;
  if (is(id, JARVIS_EDIT_APPLIER_1)) return &applier;
  if (is(id, JARVIS_DIAGNOSTIC_TOOL_1)) return &tool;
  return NULL;
}

extern const jarvis_plugin jarvis_plugin_entry;
const jarvis_plugin jarvis_plugin_entry = {sizeof(jarvis_plugin),
                                           JARVIS_ABI_MAGIC,
                                           JARVIS_ABI_MAJOR,
                                           JARVIS_ABI_MINOR,
                                           {"plain_c", 7},
                                           {"plain C", 7},
                                           {"1.0.0", 5},
                                           init,
                                           deinit,
                                           get_interface};
