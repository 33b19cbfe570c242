#define _POSIX_C_SOURCE 200809L
#include <jarvis/c/testing.h>
#include <sys/stat.h>
#include <unistd.h>

static char home[] = "/tmp/greeting-XXXXXX";
static char prompt_file[128];
static jarvis_test_plugin plugin;
static const jarvis_edit_applier_1* applier;

static void write_prompt(const char* prompt) {
  FILE* file = fopen(prompt_file, "wb");
  if (!file || fputs(prompt, file) < 0 || fclose(file) != 0) exit(1);
}

static int prompt_is(const char* expected) {
  jarvis_text prompt = {0};
  const int same = jarvis_text_add_file(&prompt, prompt_file) && strcmp(prompt.data, expected) == 0;
  jarvis_text_free(&prompt);
  return same;
}

/* Validates and applies: both must come to the same. */
static jarvis_status edit(const char* payload) {
  jarvis_test_host host = {0};
  jarvis_test_answer checked, made;
  char request[1024];
  snprintf(request, sizeof request, "{\"op\":\"@NAME@\",\"payload\":%s,\"home\":\"%s\"}", payload,
           home);
  checked = jarvis_test_call(applier->validate, plugin.self, &host, request);
  made = jarvis_test_call(applier->apply, plugin.self, &host, request);
  JARVIS_CHECK(checked.status == made.status);
  jarvis_test_answer_free(&checked);
  jarvis_test_answer_free(&made);
  return made.status;
}

static void make_home(void) {
  char folder[64];
  if (!mkdtemp(home)) exit(1);
  sprintf(folder, "%s/agents", home);
  mkdir(folder, 0700);
  sprintf(folder, "%s/agents/simple", home);
  mkdir(folder, 0700);
  sprintf(prompt_file, "%s/system_prompt.md", folder);
}

static void remove_home(void) {
  char folder[64];
  remove(prompt_file);
  sprintf(folder, "%s/agents/simple", home);
  rmdir(folder);
  sprintf(folder, "%s/agents", home);
  rmdir(folder);
  rmdir(home);
}

int main(void) {
  plugin = jarvis_test_load(PLUGIN_FILE);
  applier = (const jarvis_edit_applier_1*)jarvis_test_table(&plugin, JARVIS_EDIT_APPLIER_1);
  make_home();
  JARVIS_CHECK(edit("{\"agent\":\"simple\",\"greeting\":\"Hi\"}") == JARVIS_REFUSED);
  write_prompt("Be brief.\n");
  JARVIS_CHECK(edit("{}") == JARVIS_INVALID);
  JARVIS_CHECK(edit("not json") == JARVIS_INVALID);
  JARVIS_CHECK(edit("{\"agent\":\"../x\",\"greeting\":\"Hi\"}") == JARVIS_INVALID);
  JARVIS_CHECK(edit("{\"agent\":\"simple\",\"greeting\":\"a\\nb\"}") == JARVIS_INVALID);
  JARVIS_CHECK(edit("{\"agent\":\"simple\",\"greeting\":\"{x}\"}") == JARVIS_INVALID);
  JARVIS_CHECK(prompt_is("Be brief.\n"));
  JARVIS_CHECK(edit("{\"agent\":\"simple\",\"greeting\":\"Good day!\"}") == JARVIS_OK);
  JARVIS_CHECK(prompt_is("Be brief.\nGreet the user with: Good day!\n"));
  JARVIS_CHECK(edit("{\"agent\":\"simple\",\"greeting\":\"Hello!\"}") == JARVIS_OK);
  JARVIS_CHECK(prompt_is("Be brief.\nGreet the user with: Hello!\n"));
  JARVIS_CHECK(edit("{\"agent\":\"simple\",\"greeting\":\"Hello!\"}") == JARVIS_REFUSED);
  remove_home();
  return jarvis_test_result();
}
