/* What a plugin in C99 needs to answer, to fail, to ask the host and to export itself. */
#ifndef JARVIS_C_PLUGIN_H
#define JARVIS_C_PLUGIN_H

#include <jarvis/abi/plugin.h>
#include <jarvis/c/json.h>
#include <jarvis/c/text.h>

/** Borrows a text that ends with NUL. */
static inline jarvis_str jarvis_borrow(const char* text) {
  jarvis_str view;
  view.ptr = text;
  view.len = strlen(text);
  return view;
}

/** True for what may name an agent: `[a-z0-9][a-z0-9_-]{0,63}`. Such a name is safe as one part of
 * a path; anything else could lead out of the home. */
static inline int jarvis_is_name(const char* name) {
  const size_t length = strlen(name);
  return length > 0 && length <= 64 && name[0] != '-' && name[0] != '_' &&
         strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

/** Reports why a call did not succeed and gives the status back, to be returned. `message` is lower
 * case, cause first; `hint` says what to do and may be "". */
static inline jarvis_status jarvis_fail(const jarvis_reply* reply, jarvis_status status,
                                        const char* message, const char* hint) {
  jarvis_error error;
  memset(&error, 0, sizeof error);
  error.struct_size = sizeof error;
  error.code = status;
  error.message = jarvis_borrow(message);
  error.hint = jarvis_borrow(hint);
  reply->error(reply->context, &error);
  return status;
}

/** JARVIS_OK when the request is a JSON object with a string at each of the keys, which are given
 * with blanks between them ("op home"); else JARVIS_INVALID, reported. */
static inline jarvis_status jarvis_require_strings(const jarvis_reply* reply, jarvis_str request,
                                                   const char* keys) {
  char key[64], message[128];
  size_t length;
  if (!jarvis_json_valid(request) ||
      *jarvis_json_blank(request.ptr, request.ptr + request.len) != '{')
    return jarvis_fail(reply, JARVIS_INVALID, "request is not a JSON object", "");
  for (; *keys; keys += length + (keys[length] == ' ')) {
    jarvis_str value;
    length = strcspn(keys, " ");
    sprintf(key, "%.*s", (int)(length < sizeof key ? length : sizeof key - 1), keys);
    value = jarvis_json_member(request, key);
    if (value.len > 0 && *value.ptr == '"') continue;
    sprintf(message, "field '%s' is missing or not a string", key);
    return jarvis_fail(reply, JARVIS_INVALID, message, "");
  }
  return JARVIS_OK;
}

/** Hands over a JSON object and frees the text; the status is to be returned. */
static inline jarvis_status jarvis_answer(const jarvis_reply* reply, jarvis_text* json) {
  const int failed = json->failed;
  if (!failed) reply->result(reply->context, jarvis_text_view(json));
  jarvis_text_free(json);
  return failed ? jarvis_fail(reply, JARVIS_INTERNAL, "out of memory", "") : JARVIS_OK;
}

typedef struct jarvis_call_state {
  jarvis_text* answer;
  const jarvis_reply* reply;
} jarvis_call_state;

static inline void jarvis_take_answer(void* context, jarvis_str json) {
  jarvis_text_add_bytes(((jarvis_call_state*)context)->answer, json.ptr, (size_t)json.len);
}

static inline void jarvis_pass_error(void* context, const jarvis_error* error) {
  const jarvis_reply* reply = ((jarvis_call_state*)context)->reply;
  reply->error(reply->context, error);
}

/** Calls a service of the host. On JARVIS_OK `answer` holds its JSON object; on any other status
 * the host's reason has been reported already: return that status. `request` is freed. */
static inline jarvis_status jarvis_call(const jarvis_host* host, const jarvis_reply* reply,
                                        const char* service, jarvis_text* request,
                                        jarvis_text* answer) {
  jarvis_call_state state;
  jarvis_reply inner;
  jarvis_status status;
  state.answer = answer;
  state.reply = reply;
  inner.struct_size = sizeof inner;
  inner.reserved = 0;
  inner.context = &state;
  inner.result = jarvis_take_answer;
  inner.error = jarvis_pass_error;
  if (request->failed)
    status = jarvis_fail(reply, JARVIS_INTERNAL, "out of memory", "");
  else
    status = host->call(host->context, jarvis_borrow(service), jarvis_text_view(request), &inner);
  jarvis_text_free(request);
  if (status != JARVIS_OK) jarvis_text_free(answer);
  return status;
}

/** As jarvis_call, for the plugin's own settings. */
static inline jarvis_status jarvis_settings(const jarvis_host* host, const jarvis_reply* reply,
                                            jarvis_text* answer) {
  jarvis_call_state state;
  jarvis_reply inner;
  state.answer = answer;
  state.reply = reply;
  inner.struct_size = sizeof inner;
  inner.reserved = 0;
  inner.context = &state;
  inner.result = jarvis_take_answer;
  inner.error = jarvis_pass_error;
  return host->settings(host->context, &inner);
}

/** Exports a plugin without a state of its own that offers one interface: id and version as in
 * plugin.toml, the interface's id, and a pointer to its table of functions. Use it once. */
#define JARVIS_C_PLUGIN(Id, Version, InterfaceId, Table)                                      \
  static jarvis_status jarvis_plugin_init(const jarvis_host* host, const jarvis_reply* reply, \
                                          void** self) {                                      \
    (void)host;                                                                               \
    *self = NULL;                                                                             \
    reply->result(reply->context, jarvis_borrow("{}"));                                       \
    return JARVIS_OK;                                                                         \
  }                                                                                           \
  static void jarvis_plugin_deinit(void* self) {                                              \
    (void)self;                                                                               \
  }                                                                                           \
  static const void* jarvis_plugin_interface(void* self, jarvis_str id) {                     \
    (void)self;                                                                               \
    return jarvis_is(id, InterfaceId) ? (const void*)(Table) : NULL;                          \
  }                                                                                           \
  extern __attribute__((visibility("default"))) const jarvis_plugin jarvis_plugin_entry;      \
  const jarvis_plugin jarvis_plugin_entry = {sizeof(jarvis_plugin),                           \
                                             JARVIS_ABI_MAGIC,                                \
                                             JARVIS_ABI_MAJOR,                                \
                                             JARVIS_ABI_MINOR,                                \
                                             {Id, sizeof(Id) - 1},                            \
                                             {Id, sizeof(Id) - 1},                            \
                                             {Version, sizeof(Version) - 1},                  \
                                             jarvis_plugin_init,                              \
                                             jarvis_plugin_deinit,                            \
                                             jarvis_plugin_interface}

#endif
