#include <jarvis/abi/plugin.h>
#include <stddef.h>
#include <string.h>

static jarvis_str text(const char* literal) {
  jarvis_str made;
  made.ptr = literal;
  made.len = strlen(literal);
  return made;
}

static jarvis_status answer(void* self, const jarvis_host* host, jarvis_str request,
                            const jarvis_reply* reply) {
  (void)self;
  (void)host;
  (void)request;
  reply->result(reply->context, text("{\"schema\":\"student-result/1\",\"output\":\"old\"}"));
  return JARVIS_OK;
}

/* What stands behind the end of a shorter table is something else: here, a function that must not
 * be called. */
static jarvis_status not_part_of_the_table(void* self, const jarvis_host* host, jarvis_str request,
                                           const jarvis_reply* reply) {
  (void)self;
  (void)host;
  (void)request;
  (void)reply;
  return 99;
}

static const jarvis_student_runner_1 runner = {offsetof(jarvis_student_runner_1, probe), 0, answer,
                                               not_part_of_the_table};
static const jarvis_edit_applier_1 applier = {offsetof(jarvis_edit_applier_1, apply), 0, answer,
                                              not_part_of_the_table};

static jarvis_status init(const jarvis_host* host, const jarvis_reply* reply, void** self) {
  (void)host;
  (void)self;
  reply->result(reply->context, text("{}"));
  return JARVIS_OK;
}

static const void* get_interface(void* self, jarvis_str id) {
  (void)self;
  if (id.len == strlen(JARVIS_STUDENT_RUNNER_1) &&
      memcmp(id.ptr, JARVIS_STUDENT_RUNNER_1, (size_t)id.len) == 0)
    return &runner;
  return &applier;
}

extern const jarvis_plugin jarvis_plugin_entry;
const jarvis_plugin jarvis_plugin_entry = {sizeof(jarvis_plugin),
                                           JARVIS_ABI_MAGIC,
                                           JARVIS_ABI_MAJOR,
                                           JARVIS_ABI_MINOR,
                                           {"older_table", 11},
                                           {"older", 5},
                                           {"1.0.0", 5},
                                           init,
                                           NULL,
                                           get_interface};
