#include <jarvis/c/plugin.h>

#define MARK "Greet the user with: "

typedef struct edit {
  char path[4096]; /* of the prompt, in the staged copy of the home */
  char file[128];  /* the same, relative to the home */
  jarvis_text prompt;
} edit;

/* One line without braces, which some agents take for placeholders. */
static int is_plain_line(const char* text) {
  for (; *text; ++text)
    if ((unsigned char)*text < 0x20 || strchr("{}\x7f", *text)) return 0;
  return 1;
}

/* The prompt with its greeting line replaced, or with one at the end where it has none. */
static void add_greeting(jarvis_text* made, const char* prompt, const char* greeting) {
  int has_one = 0;
  while (*prompt) {
    const size_t length = strcspn(prompt, "\n");
    if (strncmp(prompt, MARK, strlen(MARK)) != 0) {
      jarvis_text_add_bytes(made, prompt, length);
      jarvis_text_add(made, "\n");
    } else if (!has_one) {
      jarvis_text_add(made, MARK);
      jarvis_text_add(made, greeting);
      jarvis_text_add(made, "\n");
      has_one = 1;
    }
    prompt += length + (prompt[length] == '\n');
  }
  if (has_one) return;
  jarvis_text_add(made, MARK);
  jarvis_text_add(made, greeting);
  jarvis_text_add(made, "\n");
}

/* What validate and apply have in common, so that both refuse the same. */
static jarvis_status prepare(jarvis_str request, const jarvis_reply* reply, edit* made) {
  const jarvis_str payload = jarvis_json_member(request, "payload");
  char home[3900], agent[65], greeting[801];
  jarvis_text present = {0};
  int same;
  if (jarvis_require_strings(reply, request, "op home") != JARVIS_OK) return JARVIS_INVALID;
  if (jarvis_json_string(request, "home", home, sizeof home) < 1)
    return jarvis_fail(reply, JARVIS_INVALID, "field 'home' is not a path", "");
  if (jarvis_json_string(payload, "agent", agent, sizeof agent) < 1 || !jarvis_is_name(agent))
    return jarvis_fail(reply, JARVIS_INVALID, "field 'payload.agent' is not an agent's name", "");
  if (jarvis_json_string(payload, "greeting", greeting, sizeof greeting) < 1 ||
      !is_plain_line(greeting))
    return jarvis_fail(reply, JARVIS_INVALID, "field 'payload.greeting' is not one plain line", "");
  sprintf(made->file, "agents/%s/system_prompt.md", agent);
  sprintf(made->path, "%s/%s", home, made->file);
  if (!jarvis_text_add_file(&present, made->path)) {
    jarvis_text_free(&present);
    return jarvis_fail(reply, JARVIS_REFUSED, "this agent has no system prompt to be read",
                       "start one with replace_system_prompt");
  }
  add_greeting(&made->prompt, present.data ? present.data : "", greeting);
  same = present.size == made->prompt.size &&
         memcmp(present.data, made->prompt.data, present.size) == 0;
  jarvis_text_free(&present);
  if (!made->prompt.failed && !same) return JARVIS_OK;
  if (same) jarvis_fail(reply, JARVIS_REFUSED, "no change: the agent greets so already", "");
  if (!same) jarvis_fail(reply, JARVIS_INTERNAL, "out of memory", "");
  jarvis_text_free(&made->prompt);
  return same ? JARVIS_REFUSED : JARVIS_INTERNAL;
}

static jarvis_status validate(void* self, const jarvis_host* host, jarvis_str request,
                              const jarvis_reply* reply) {
  edit made = {0};
  const jarvis_status status = prepare(request, reply, &made);
  (void)self;
  (void)host;
  if (status != JARVIS_OK) return status;
  jarvis_text_free(&made.prompt);
  reply->result(reply->context, jarvis_borrow("{\"schema\":\"edit-check/1\"}"));
  return JARVIS_OK;
}

static jarvis_status apply(void* self, const jarvis_host* host, jarvis_str request,
                           const jarvis_reply* reply) {
  edit made = {0};
  const jarvis_status status = prepare(request, reply, &made);
  int written;
  (void)self;
  (void)host;
  if (status != JARVIS_OK) return status;
  written = jarvis_text_write_file(&made.prompt, made.path);
  jarvis_text_free(&made.prompt);
  if (!written)
    return jarvis_fail(reply, JARVIS_UNAVAILABLE, "the system prompt cannot be written", "");
  jarvis_text_add(&made.prompt, "{\"schema\":\"edit-result/1\",\"changed_files\":[");
  jarvis_text_add_string(&made.prompt, jarvis_borrow(made.file));
  jarvis_text_add(&made.prompt, "],\"summary\":\"the agent has a new greeting\"}");
  return jarvis_answer(reply, &made.prompt);
}

static const jarvis_edit_applier_1 applier = {sizeof(jarvis_edit_applier_1), 0, validate, apply};

JARVIS_C_PLUGIN("@NAME@", "0.1.0", JARVIS_EDIT_APPLIER_1, &applier);
