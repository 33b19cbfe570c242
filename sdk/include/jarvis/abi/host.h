/* What the host offers to a plugin during a call. */
#ifndef JARVIS_ABI_HOST_H
#define JARVIS_ABI_HOST_H

#include <jarvis/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Levels of jarvis_host.log. A number outside the enumeration counts as JARVIS_LOG_DEBUG. */
enum { JARVIS_LOG_DEBUG = 1, JARVIS_LOG_INFO = 2, JARVIS_LOG_WARNING = 3, JARVIS_LOG_ERROR = 4 };

/** Owned by the host and borrowed for the call it was passed to: a plugin must not keep it. Every
 *  function may be called from the thread of that call only. The functions below are there in every
 *  host of ABI 1; before it uses a later one, a plugin looks at `struct_size`. */
typedef struct jarvis_host {
  uint32_t struct_size; /**< sizeof(jarvis_host) of the host */
  uint32_t abi_minor;   /**< JARVIS_ABI_MINOR of the host; the major version is the plugin's own */
  void* context;        /**< first argument of every function; means nothing to the plugin */

  /** Writes one line to the host's log under the plugin's name. `message` is UTF-8 without a line's
   * end. Secrets are removed by the host. */
  void (*log)(void* context, int32_t level, jarvis_str message);

  /** Non-zero when the caller no longer wants the answer: return JARVIS_CANCELLED soon. Cheap; ask
   * it between the steps of anything that takes longer than a second. */
  int32_t (*cancelled)(void* context);

  /** Gives `[learning.distillation.plugin.<id>]` as a JSON object that fits the manifest's
   * settings_schema ({} when nothing is set). The same in every call. */
  jarvis_status (*settings)(void* context, const jarvis_reply* reply);

  /** Calls a named service with a JSON request. Which services exist depends on the interface:
   *  edit-applier none; diagnostic-tool `traces`, `benchmark`, `student`, `teacher`, `judge`,
   * `home`; teacher-engine and student-runner `http` (http-request/1 -> http-result/1);
   * student-runner `process` and `mcp` besides (jarvis/sdk/payload/student_services.hpp);
   * judge `engine` (generate-request/1 -> generate-result/1). None exists in init. An unknown or
   * forbidden service is JARVIS_REFUSED, and so is a call that the user's budget does not allow.
   * Blocks until the answer is there: for minutes, where a model is asked. */
  jarvis_status (*call)(void* context, jarvis_str service, jarvis_str request_json,
                        const jarvis_reply* reply);
} jarvis_host;

#ifdef __cplusplus
}
#endif
#endif
