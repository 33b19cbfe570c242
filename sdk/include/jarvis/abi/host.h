/* What the host offers to a plugin during a call. */
#ifndef JARVIS_ABI_HOST_H
#define JARVIS_ABI_HOST_H

#include <jarvis/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { JARVIS_LOG_DEBUG = 1, JARVIS_LOG_INFO = 2, JARVIS_LOG_WARNING = 3, JARVIS_LOG_ERROR = 4 };

/** Owned by the host and borrowed for the call it was passed to: a plugin must not keep it. Every
 *  function may be called from the thread of that call only. */
typedef struct jarvis_host {
  uint32_t struct_size;
  uint32_t abi_minor;
  void* context;

  /** Writes one line to the host's log under the plugin's name. Secrets are removed by the host. */
  void (*log)(void* context, int32_t level, jarvis_str message);

  /** Non-zero when the caller no longer wants the answer: return JARVIS_CANCELLED soon. */
  int32_t (*cancelled)(void* context);

  /** Gives `[learning.distillation.plugin.<id>]` as a JSON object ({} when there is none). */
  jarvis_status (*settings)(void* context, const jarvis_reply* reply);

  /** Calls a named service with a JSON request. Which services exist depends on the interface:
   *  edit-applier none; diagnostic-tool `traces`, `benchmark`, `student`, `teacher`, `judge`,
   * `home`; teacher-engine and student-runner `http`; judge `http` and `engine`. An unknown or
   * forbidden service is JARVIS_REFUSED. Blocks until the answer is there. */
  jarvis_status (*call)(void* context, jarvis_str service, jarvis_str request_json,
                        const jarvis_reply* reply);
} jarvis_host;

#ifdef __cplusplus
}
#endif
#endif
