/* Values that cross the plugin border. Plain C, fixed-width integers, no compiler-specific layout.
 *
 * Ownership, everywhere: what is passed in is borrowed for the duration of the call. What is handed
 * back goes through a host-owned sink, which copies before it returns. Nobody frees the other's
 * memory.
 *
 * Growth: every struct begins with its own size and is only ever appended to. A reader copies
 * min(struct_size, its own size) into a zeroed struct; a function that is missing or NULL means
 * "not offered". Zero is never a valid status. */
#ifndef JARVIS_ABI_BASE_H
#define JARVIS_ABI_BASE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** UTF-8 text, not terminated. `ptr` may be NULL only when `len` is 0. */
typedef struct jarvis_str {
  const char* ptr;
  uint64_t len;
} jarvis_str;

/** What a call came to. The code tells the host what to do next; the error sink says why. */
typedef int32_t jarvis_status;
enum {
  JARVIS_OK = 1,          /* the result sink was called exactly once */
  JARVIS_INVALID = 2,     /* the request is malformed: never retried */
  JARVIS_REFUSED = 3,     /* understood and declined for good: never retried */
  JARVIS_RETRYABLE = 4,   /* a passing fault: the host may call again */
  JARVIS_UNAVAILABLE = 5, /* something this call needs is not there: a server, a key, a file */
  JARVIS_CANCELLED = 6,   /* stopped because jarvis_host.cancelled said so */
  JARVIS_INTERNAL = 7     /* a fault of the plugin itself */
};

/** Details of a failure. `message` is lower case, cause first; `hint` says what to do (may be
 * empty). */
typedef struct jarvis_error {
  uint32_t struct_size;
  jarvis_status code;
  jarvis_str message;
  jarvis_str hint;
  int64_t retry_after_ms; /* 0: not known */
} jarvis_error;

/** Where a plugin hands back its answer. Owned by the host, valid for the call only, used from the
 *  calling thread only. A call with JARVIS_OK gives one `result`; any other status at most one
 * `error`. */
typedef struct jarvis_reply {
  uint32_t struct_size;
  uint32_t reserved;
  void* context;
  void (*result)(void* context, jarvis_str json);
  void (*error)(void* context, const jarvis_error* error);
} jarvis_reply;

#ifdef __cplusplus
}
#endif
#endif
