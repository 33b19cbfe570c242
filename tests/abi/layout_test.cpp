// The layout that every plugin ever built relies on: on LP64 none of these numbers may change. A
// struct grows at its end, and its line here with it.
#include <doctest/doctest.h>
#include <jarvis/abi/plugin.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace {

struct Field {
  std::size_t offset;
  std::size_t size;
};

/** Whether each field begins where the one before it ends and the last one ends with the struct:
 * no field was left out below, and there is no padding that compilers could lay out otherwise. */
template <std::size_t N>
constexpr bool cover(std::size_t whole, const Field (&fields)[N]) {
  std::size_t end = 0;
  for (const Field& field : fields) {
    if (field.offset != end) return false;
    end += field.size;
  }
  return end == whole;
}

}  // namespace

#define LAYOUT(type, member, offset) static_assert(offsetof(type, member) == offset)
#define FIELD(type, member) \
  { offsetof(type, member), sizeof(type::member) }

static_assert(sizeof(void*) == 8, "these numbers are those of LP64");

static_assert(sizeof(jarvis_str) == 16);
LAYOUT(jarvis_str, ptr, 0);
LAYOUT(jarvis_str, len, 8);
static_assert(cover(sizeof(jarvis_str), {FIELD(jarvis_str, ptr), FIELD(jarvis_str, len)}));

static_assert(std::is_same_v<jarvis_status, std::int32_t>);
static_assert(JARVIS_OK == 1 && JARVIS_INVALID == 2 && JARVIS_REFUSED == 3 &&
              JARVIS_RETRYABLE == 4);
static_assert(JARVIS_UNAVAILABLE == 5 && JARVIS_CANCELLED == 6 && JARVIS_INTERNAL == 7);

static_assert(sizeof(jarvis_error) == 48);
LAYOUT(jarvis_error, struct_size, 0);
LAYOUT(jarvis_error, code, 4);
LAYOUT(jarvis_error, message, 8);
LAYOUT(jarvis_error, hint, 24);
LAYOUT(jarvis_error, retry_after_ms, 40);
static_assert(cover(sizeof(jarvis_error),
                    {FIELD(jarvis_error, struct_size), FIELD(jarvis_error, code),
                     FIELD(jarvis_error, message), FIELD(jarvis_error, hint),
                     FIELD(jarvis_error, retry_after_ms)}));

static_assert(sizeof(jarvis_reply) == 32);
LAYOUT(jarvis_reply, struct_size, 0);
LAYOUT(jarvis_reply, reserved, 4);
LAYOUT(jarvis_reply, context, 8);
LAYOUT(jarvis_reply, result, 16);
LAYOUT(jarvis_reply, error, 24);
static_assert(cover(sizeof(jarvis_reply),
                    {FIELD(jarvis_reply, struct_size), FIELD(jarvis_reply, reserved),
                     FIELD(jarvis_reply, context), FIELD(jarvis_reply, result),
                     FIELD(jarvis_reply, error)}));

static_assert(JARVIS_LOG_DEBUG == 1 && JARVIS_LOG_INFO == 2 && JARVIS_LOG_WARNING == 3 &&
              JARVIS_LOG_ERROR == 4);

static_assert(sizeof(jarvis_host) == 48);
LAYOUT(jarvis_host, struct_size, 0);
LAYOUT(jarvis_host, abi_minor, 4);
LAYOUT(jarvis_host, context, 8);
LAYOUT(jarvis_host, log, 16);
LAYOUT(jarvis_host, cancelled, 24);
LAYOUT(jarvis_host, settings, 32);
LAYOUT(jarvis_host, call, 40);
static_assert(cover(sizeof(jarvis_host),
                    {FIELD(jarvis_host, struct_size), FIELD(jarvis_host, abi_minor),
                     FIELD(jarvis_host, context), FIELD(jarvis_host, log),
                     FIELD(jarvis_host, cancelled), FIELD(jarvis_host, settings),
                     FIELD(jarvis_host, call)}));

static_assert(sizeof(jarvis_edit_applier_1) == 24);
LAYOUT(jarvis_edit_applier_1, struct_size, 0);
LAYOUT(jarvis_edit_applier_1, reserved, 4);
LAYOUT(jarvis_edit_applier_1, validate, 8);
LAYOUT(jarvis_edit_applier_1, apply, 16);
static_assert(cover(sizeof(jarvis_edit_applier_1),
                    {FIELD(jarvis_edit_applier_1, struct_size),
                     FIELD(jarvis_edit_applier_1, reserved), FIELD(jarvis_edit_applier_1, validate),
                     FIELD(jarvis_edit_applier_1, apply)}));

static_assert(sizeof(jarvis_diagnostic_tool_1) == 16);
LAYOUT(jarvis_diagnostic_tool_1, struct_size, 0);
LAYOUT(jarvis_diagnostic_tool_1, reserved, 4);
LAYOUT(jarvis_diagnostic_tool_1, call, 8);
static_assert(cover(sizeof(jarvis_diagnostic_tool_1), {FIELD(jarvis_diagnostic_tool_1, struct_size),
                                                       FIELD(jarvis_diagnostic_tool_1, reserved),
                                                       FIELD(jarvis_diagnostic_tool_1, call)}));

static_assert(sizeof(jarvis_teacher_engine_1) == 16);
LAYOUT(jarvis_teacher_engine_1, struct_size, 0);
LAYOUT(jarvis_teacher_engine_1, reserved, 4);
LAYOUT(jarvis_teacher_engine_1, generate, 8);
static_assert(cover(sizeof(jarvis_teacher_engine_1), {FIELD(jarvis_teacher_engine_1, struct_size),
                                                      FIELD(jarvis_teacher_engine_1, reserved),
                                                      FIELD(jarvis_teacher_engine_1, generate)}));

static_assert(sizeof(jarvis_student_runner_1) == 24);
LAYOUT(jarvis_student_runner_1, struct_size, 0);
LAYOUT(jarvis_student_runner_1, reserved, 4);
LAYOUT(jarvis_student_runner_1, run, 8);
LAYOUT(jarvis_student_runner_1, probe, 16);
static_assert(cover(sizeof(jarvis_student_runner_1),
                    {FIELD(jarvis_student_runner_1, struct_size),
                     FIELD(jarvis_student_runner_1, reserved), FIELD(jarvis_student_runner_1, run),
                     FIELD(jarvis_student_runner_1, probe)}));

static_assert(sizeof(jarvis_judge_1) == 16);
LAYOUT(jarvis_judge_1, struct_size, 0);
LAYOUT(jarvis_judge_1, reserved, 4);
LAYOUT(jarvis_judge_1, score, 8);
static_assert(cover(sizeof(jarvis_judge_1),
                    {FIELD(jarvis_judge_1, struct_size), FIELD(jarvis_judge_1, reserved),
                     FIELD(jarvis_judge_1, score)}));

static_assert(sizeof(jarvis_plugin) == 88);
LAYOUT(jarvis_plugin, struct_size, 0);
LAYOUT(jarvis_plugin, magic, 4);
LAYOUT(jarvis_plugin, abi_major, 8);
LAYOUT(jarvis_plugin, abi_minor, 12);
LAYOUT(jarvis_plugin, id, 16);
LAYOUT(jarvis_plugin, name, 32);
LAYOUT(jarvis_plugin, version, 48);
LAYOUT(jarvis_plugin, init, 64);
LAYOUT(jarvis_plugin, deinit, 72);
LAYOUT(jarvis_plugin, get_interface, 80);
static_assert(cover(sizeof(jarvis_plugin),
                    {FIELD(jarvis_plugin, struct_size), FIELD(jarvis_plugin, magic),
                     FIELD(jarvis_plugin, abi_major), FIELD(jarvis_plugin, abi_minor),
                     FIELD(jarvis_plugin, id), FIELD(jarvis_plugin, name),
                     FIELD(jarvis_plugin, version), FIELD(jarvis_plugin, init),
                     FIELD(jarvis_plugin, deinit), FIELD(jarvis_plugin, get_interface)}));

static_assert(JARVIS_ABI_MAGIC == 0x4a525653u && JARVIS_ABI_MAJOR == 1);

TEST_CASE("abi: the names of the interfaces and of the entry stay as they are") {
  CHECK(std::string_view(JARVIS_ENTRY_SYMBOL) == "jarvis_plugin_entry");
  CHECK(std::string_view(JARVIS_EDIT_APPLIER_1) == "edit-applier/1");
  CHECK(std::string_view(JARVIS_DIAGNOSTIC_TOOL_1) == "diagnostic-tool/1");
  CHECK(std::string_view(JARVIS_TEACHER_ENGINE_1) == "teacher-engine/1");
  CHECK(std::string_view(JARVIS_STUDENT_RUNNER_1) == "student-runner/1");
  CHECK(std::string_view(JARVIS_JUDGE_1) == "judge/1");
}
