/* The five interfaces, by id and revision. Each function takes `self` (what init gave), the host
 * for this call, one JSON request that names its shape in `schema`, and the reply sink. The shapes
 * of requests and results are in sdk/schema/; `a/1 -> b/1` below names both. Readers ignore fields
 * they do not know.
 *
 * Threads: "from many threads at once" holds for one loaded library and one `self`. A host may also
 * load the library into several processes, where each has a `self` of its own: nothing in it is
 * shared between them, and a call may come to any. Calls in one process may be held to a time limit
 * and a limit of memory; who exceeds one is ended without notice.
 *
 * Tables: static or owned by the plugin, valid until deinit returns. */
#ifndef JARVIS_ABI_INTERFACES_H
#define JARVIS_ABI_INTERFACES_H

#include <jarvis/abi/host.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One function of an interface. `self` may be NULL where init left it so; `host`, `reply` and
 * their functions never are. `request_json` is one JSON object; text that is none, or lacks a
 * required field, is JARVIS_INVALID. Everything is borrowed until the function returns. */
typedef jarvis_status (*jarvis_function)(void* self, const jarvis_host* host,
                                         jarvis_str request_json, const jarvis_reply* reply);

#define JARVIS_EDIT_APPLIER_1 "edit-applier/1"
#define JARVIS_DIAGNOSTIC_TOOL_1 "diagnostic-tool/1"
#define JARVIS_TEACHER_ENGINE_1 "teacher-engine/1"
#define JARVIS_STUDENT_RUNNER_1 "student-runner/1"
#define JARVIS_JUDGE_1 "judge/1"

/** Makes one kind of edit (op), or several. Threads: called from one thread at a time. */
typedef struct jarvis_edit_applier_1 {
  uint32_t struct_size; /**< sizeof of the plugin's own table */
  uint32_t reserved;    /**< 0 */
  /** edit-request/1 -> edit-check/1. Writes nothing. Refuses what apply would refuse. May be NULL:
   * then apply alone decides. */
  jarvis_function validate;
  /** edit-request/1 -> edit-result/1. Changes files below the request's `home` and reports each
   * one; the host refuses the edit when anything else changed, or nothing. `home` is a staged copy,
   * never the live home; whatever a failed call leaves there is dropped. */
  jarvis_function apply;
} jarvis_edit_applier_1;

/** Answers the teacher's questions about the student. Threads: called from many threads at once. */
typedef struct jarvis_diagnostic_tool_1 {
  uint32_t struct_size; /**< sizeof of the plugin's own table */
  uint32_t reserved;    /**< 0 */
  /** tool-request/1 -> a JSON object that is given to the teacher as it is. The arguments fit the
   * manifest's `parameters`. A failure is shown to the teacher with message and hint. */
  jarvis_function call;
} jarvis_diagnostic_tool_1;

/** Speaks one provider's protocol. Threads: called from many threads at once. */
typedef struct jarvis_teacher_engine_1 {
  uint32_t struct_size; /**< sizeof of the plugin's own table */
  uint32_t reserved;    /**< 0 */
  /** generate-request/1 -> generate-result/1. One request to the provider; the host's `http`
   * service retries, meters and holds the key. */
  jarvis_function generate;
} jarvis_teacher_engine_1;

/** Runs the user's local agent. Threads: called from many threads at once. */
typedef struct jarvis_student_runner_1 {
  uint32_t struct_size; /**< sizeof of the plugin's own table */
  uint32_t reserved;    /**< 0 */
  /** student-request/1 -> student-result/1. Answers one query as the home at `home` says. Writes
   * nothing there. */
  jarvis_function run;
  /** student-probe/1 -> student-probe-result/1. Says whether the student can be reached, without
   *  asking it anything: JARVIS_UNAVAILABLE when it cannot. May be NULL: then it is taken for
   * reachable. */
  jarvis_function probe;
} jarvis_student_runner_1;

/** Compares answers. Threads: called from many threads at once. */
typedef struct jarvis_judge_1 {
  uint32_t struct_size; /**< sizeof of the plugin's own table */
  uint32_t reserved;    /**< 0 */
  /** judge-request/1 -> judge-result/1. A reply that cannot be read is a missing score (null),
   * never a guess and never an error. */
  jarvis_function score;
} jarvis_judge_1;

#ifdef __cplusplus
}
#endif
#endif
