#include <jarvis/c/plugin.h>

#define MOST_AGENTS 64

typedef struct agent_count {
  char name[128];
  long traces;
} agent_count;

/* The agent's row, made where it is new; NULL when the table is full. */
static agent_count* row_of(agent_count* rows, size_t* used, const char* name) {
  size_t i;
  for (i = 0; i < *used; ++i)
    if (strcmp(rows[i].name, name) == 0) return &rows[i];
  if (*used == MOST_AGENTS) return NULL;
  strcpy(rows[*used].name, name);
  rows[*used].traces = 0;
  return &rows[(*used)++];
}

static long limit_in(jarvis_str arguments) {
  const jarvis_str value = jarvis_json_member(arguments, "limit");
  char digits[8] = "100";
  if (value.len >= sizeof digits) return 0;
  if (value.len > 0) {
    memcpy(digits, value.ptr, (size_t)value.len);
    digits[value.len] = 0;
  }
  return atol(digits);
}

static void answer_with(jarvis_text* answer, const agent_count* rows, size_t used, long traces) {
  size_t i;
  jarvis_text_add(answer, "{\"traces\":");
  jarvis_text_add_number(answer, traces);
  jarvis_text_add(answer, ",\"agents\":[");
  for (i = 0; i < used; ++i) {
    jarvis_text_add(answer, i == 0 ? "{\"agent\":" : ",{\"agent\":");
    jarvis_text_add_string(answer, jarvis_borrow(rows[i].name));
    jarvis_text_add(answer, ",\"traces\":");
    jarvis_text_add_number(answer, rows[i].traces);
    jarvis_text_add(answer, "}");
  }
  jarvis_text_add(answer, "]}");
}

/* Called from many threads at once: everything lies on the stack. */
static jarvis_status call(void* self, const jarvis_host* host, jarvis_str request,
                          const jarvis_reply* reply) {
  const long limit = limit_in(jarvis_json_member(request, "arguments"));
  agent_count rows[MOST_AGENTS];
  jarvis_text question = {0}, traces = {0}, answer = {0};
  jarvis_str list, trace;
  jarvis_status status;
  size_t used = 0, place = 0;
  long count = 0;
  (void)self;
  if (jarvis_require_strings(reply, request, "tool") != JARVIS_OK) return JARVIS_INVALID;
  if (limit < 1 || limit > 100)
    return jarvis_fail(reply, JARVIS_INVALID,
                       "argument 'limit' is not a whole number from 1 to 100", "");
  jarvis_text_add(&question, "{\"action\":\"list\",\"limit\":");
  jarvis_text_add_number(&question, limit);
  jarvis_text_add(&question, "}");
  status = jarvis_call(host, reply, "traces", &question, &traces);
  if (status != JARVIS_OK) return status;
  list = jarvis_json_member(jarvis_text_view(&traces), "traces");
  while (jarvis_json_next(list, &place, &trace)) {
    char name[sizeof rows[0].name];
    agent_count* row;
    jarvis_json_string(trace, "agent", name, sizeof name);
    row = row_of(rows, &used, name);
    if (row) ++row->traces;
    ++count;
  }
  jarvis_text_free(&traces);
  answer_with(&answer, rows, used, count);
  return jarvis_answer(reply, &answer);
}

static const jarvis_diagnostic_tool_1 tool = {sizeof(jarvis_diagnostic_tool_1), 0, call};

JARVIS_C_PLUGIN("@NAME@", "0.1.0", JARVIS_DIAGNOSTIC_TOOL_1, &tool);
