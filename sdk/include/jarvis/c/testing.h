/* A fake host and checks for the tests of a plugin in C, without a test library. POSIX, for dlopen.
 */
#ifndef JARVIS_C_TESTING_H
#define JARVIS_C_TESTING_H

#include <dlfcn.h>
#include <jarvis/c/plugin.h>

static int jarvis_failed_checks = 0;

/** A check that no build type takes out: says what failed, and where, and goes on. main() returns
 * jarvis_test_result(). */
#define JARVIS_CHECK(expression)                                                      \
  do {                                                                                \
    if (!(expression)) {                                                              \
      ++jarvis_failed_checks;                                                         \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #expression); \
    }                                                                                 \
  } while (0)

static inline int jarvis_test_result(void) {
  return jarvis_failed_checks == 0 ? 0 : 1;
}

/** What a call to a plugin came to: `result` on JARVIS_OK, `message` otherwise. Free both. */
typedef struct jarvis_test_answer {
  jarvis_status status;
  jarvis_text result;
  jarvis_text message;
} jarvis_test_answer;

static inline void jarvis_test_answer_free(jarvis_test_answer* answer) {
  jarvis_text_free(&answer->result);
  jarvis_text_free(&answer->message);
}

/** A host that answers every service with the same text and keeps the last request. */
typedef struct jarvis_test_host {
  const char* settings; /* a JSON object; NULL is {} */
  const char* reply;    /* what a service gives; NULL refuses the call */
  char service[64];
  jarvis_text request;
} jarvis_test_host;

static inline void jarvis_test_log(void* context, int32_t level, jarvis_str message) {
  (void)context;
  (void)level;
  fprintf(stderr, "%.*s\n", (int)message.len, message.ptr);
}

static inline int32_t jarvis_test_cancelled(void* context) {
  (void)context;
  return 0;
}

static inline jarvis_status jarvis_test_settings(void* context, const jarvis_reply* reply) {
  const jarvis_test_host* host = (const jarvis_test_host*)context;
  reply->result(reply->context, jarvis_borrow(host->settings ? host->settings : "{}"));
  return JARVIS_OK;
}

static inline jarvis_status jarvis_test_serve(void* context, jarvis_str service, jarvis_str request,
                                              const jarvis_reply* reply) {
  jarvis_test_host* host = (jarvis_test_host*)context;
  jarvis_text_free(&host->request);
  jarvis_text_add_bytes(&host->request, request.ptr, (size_t)request.len);
  snprintf(host->service, sizeof host->service, "%.*s", (int)service.len, service.ptr);
  if (!host->reply) return jarvis_fail(reply, JARVIS_REFUSED, "this service is not offered", "");
  reply->result(reply->context, jarvis_borrow(host->reply));
  return JARVIS_OK;
}

static inline void jarvis_test_take_result(void* context, jarvis_str json) {
  jarvis_text_add_bytes(&((jarvis_test_answer*)context)->result, json.ptr, (size_t)json.len);
}

static inline void jarvis_test_take_error(void* context, const jarvis_error* error) {
  jarvis_text_add_bytes(&((jarvis_test_answer*)context)->message, error->message.ptr,
                        (size_t)error->message.len);
}

static inline jarvis_host jarvis_test_host_view(jarvis_test_host* fake) {
  jarvis_host host;
  memset(&host, 0, sizeof host);
  host.struct_size = sizeof host;
  host.abi_minor = JARVIS_ABI_MINOR;
  host.context = fake;
  host.log = jarvis_test_log;
  host.cancelled = jarvis_test_cancelled;
  host.settings = jarvis_test_settings;
  host.call = jarvis_test_serve;
  return host;
}

static inline jarvis_reply jarvis_test_reply(jarvis_test_answer* answer) {
  jarvis_reply reply;
  memset(&reply, 0, sizeof reply);
  reply.struct_size = sizeof reply;
  reply.context = answer;
  reply.result = jarvis_test_take_result;
  reply.error = jarvis_test_take_error;
  return reply;
}

/** Calls a function of an interface. Checks that a JSON object or an error came, as the status
 * says. */
static inline jarvis_test_answer jarvis_test_call(jarvis_function function, void* self,
                                                  jarvis_test_host* fake, const char* request) {
  jarvis_test_answer answer;
  const jarvis_host host = jarvis_test_host_view(fake);
  const jarvis_reply reply = jarvis_test_reply(&answer);
  memset(&answer, 0, sizeof answer);
  answer.status = function(self, &host, jarvis_borrow(request), &reply);
  if (answer.status == JARVIS_OK)
    JARVIS_CHECK(jarvis_json_valid(jarvis_text_view(&answer.result)));
  else
    JARVIS_CHECK(answer.message.size > 0);
  return answer;
}

/** A plugin's real shared object, loaded as the host loads it. It stays loaded. */
typedef struct jarvis_test_plugin {
  const jarvis_plugin* entry;
  void* self;
} jarvis_test_plugin;

/** Loads and initialises; ends the program with a message when that fails. */
static inline jarvis_test_plugin jarvis_test_load(const char* file) {
  jarvis_test_plugin plugin;
  jarvis_test_host fake;
  jarvis_test_answer answer;
  const jarvis_host host = jarvis_test_host_view(&fake);
  const jarvis_reply reply = jarvis_test_reply(&answer);
  void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  memset(&fake, 0, sizeof fake);
  memset(&answer, 0, sizeof answer);
  plugin.entry = library ? (const jarvis_plugin*)dlsym(library, JARVIS_ENTRY_SYMBOL) : NULL;
  plugin.self = NULL;
  if (!plugin.entry) {
    fprintf(stderr, "%s cannot be loaded: %s\n", file, dlerror());
    exit(1);
  }
  if (plugin.entry->init(&host, &reply, &plugin.self) != JARVIS_OK) {
    fprintf(stderr, "%s: init failed: %s\n", file, answer.message.data ? answer.message.data : "");
    exit(1);
  }
  jarvis_test_answer_free(&answer);
  return plugin;
}

/** The table of an interface; ends the program when the plugin does not offer it. */
static inline const void* jarvis_test_table(const jarvis_test_plugin* plugin, const char* id) {
  const void* table = plugin->entry->get_interface(plugin->self, jarvis_borrow(id));
  if (!table) {
    fprintf(stderr, "there is no interface %s\n", id);
    exit(1);
  }
  return table;
}

#endif
