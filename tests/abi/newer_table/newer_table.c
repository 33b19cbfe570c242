#include <jarvis/abi/plugin.h>
#include <string.h>

typedef struct later_runner {
  jarvis_student_runner_1 known;
  jarvis_function warm_up;
} later_runner;

typedef struct later_plugin {
  jarvis_plugin known;
  void (*pause)(void* self);
} later_plugin;

static jarvis_str text(const char* literal) {
  jarvis_str made;
  made.ptr = literal;
  made.len = strlen(literal);
  return made;
}

static jarvis_status run(void* self, const jarvis_host* host, jarvis_str request,
                         const jarvis_reply* reply) {
  (void)self;
  (void)host;
  (void)request;
  reply->result(
      reply->context,
      text("{\"schema\":\"student-result/1\",\"output\":\"new\",\"mood\":\"later field\"}"));
  return JARVIS_OK;
}

static jarvis_status probe(void* self, const jarvis_host* host, jarvis_str request,
                           const jarvis_reply* reply) {
  (void)self;
  (void)host;
  (void)request;
  reply->result(reply->context, text("{\"schema\":\"student-probe-result/1\"}"));
  return JARVIS_OK;
}

static const later_runner runner = {{sizeof(later_runner), 0, run, probe}, run};

static jarvis_status init(const jarvis_host* host, const jarvis_reply* reply, void** self) {
  (void)host;
  (void)self;
  reply->result(reply->context, text("{}"));
  return JARVIS_OK;
}

static const void* get_interface(void* self, jarvis_str id) {
  (void)self;
  (void)id;
  return &runner;
}

extern const later_plugin jarvis_plugin_entry;
const later_plugin jarvis_plugin_entry = {{sizeof(later_plugin),
                                           JARVIS_ABI_MAGIC,
                                           JARVIS_ABI_MAJOR,
                                           JARVIS_ABI_MINOR + 7,
                                           {"newer_table", 11},
                                           {"newer", 5},
                                           {"1.0.0", 5},
                                           init,
                                           NULL,
                                           get_interface},
                                          NULL};
