/* The five interfaces, by id and revision. Each function takes `self` (what init gave), the host
 * for this call, one JSON request that names its schema, and the reply sink. The shapes of requests
 * and results are in sdk/schema/. Readers ignore fields they do not know. */
#ifndef JARVIS_ABI_INTERFACES_H
#define JARVIS_ABI_INTERFACES_H

#include <jarvis/abi/host.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef jarvis_status (*jarvis_function)(void* self, const jarvis_host* host,
                                         jarvis_str request_json, const jarvis_reply* reply);

#define JARVIS_EDIT_APPLIER_1 "edit-applier/1"
#define JARVIS_DIAGNOSTIC_TOOL_1 "diagnostic-tool/1"
#define JARVIS_TEACHER_ENGINE_1 "teacher-engine/1"
#define JARVIS_STUDENT_RUNNER_1 "student-runner/1"
#define JARVIS_JUDGE_1 "judge/1"

/** Threads: called from one thread at a time. */
typedef struct jarvis_edit_applier_1 {
  uint32_t struct_size;
  uint32_t reserved;
  /** edit-request/1 -> edit-check/1. Writes nothing. Refuses what apply would refuse. */
  jarvis_function validate;
  /** edit-request/1 -> edit-result/1. Changes files below the request's `home` and reports each
   * one; the host refuses the edit when anything else changed. `home` is a staged copy, never the
   * live home. */
  jarvis_function apply;
} jarvis_edit_applier_1;

/** Threads: called from many threads at once. */
typedef struct jarvis_diagnostic_tool_1 {
  uint32_t struct_size;
  uint32_t reserved;
  /** tool-request/1 -> a JSON object that is given to the teacher. */
  jarvis_function call;
} jarvis_diagnostic_tool_1;

/** Threads: called from many threads at once. */
typedef struct jarvis_teacher_engine_1 {
  uint32_t struct_size;
  uint32_t reserved;
  /** generate-request/1 -> generate-result/1. One request to the provider; the host's `http`
   * service retries, meters and holds the key. */
  jarvis_function generate;
} jarvis_teacher_engine_1;

/** Threads: called from many threads at once. */
typedef struct jarvis_student_runner_1 {
  uint32_t struct_size;
  uint32_t reserved;
  /** student-request/1 -> student-result/1. Answers one query as the home at `home` says. */
  jarvis_function run;
  /** student-probe/1 -> student-probe-result/1. Says whether the student can be reached, without
   *  asking it anything. */
  jarvis_function probe;
} jarvis_student_runner_1;

/** Threads: called from many threads at once. */
typedef struct jarvis_judge_1 {
  uint32_t struct_size;
  uint32_t reserved;
  /** judge-request/1 -> judge-result/1. A reply that cannot be read is a missing score, never a
   * guess. */
  jarvis_function score;
} jarvis_judge_1;

#ifdef __cplusplus
}
#endif
#endif
