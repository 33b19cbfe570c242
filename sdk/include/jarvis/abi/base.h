/* Values that cross the plugin border. Plain C, fixed-width integers, no compiler-specific layout.
 * What is promised about them, and how they may grow: docs/abi-versioning.md.
 *
 * Ownership, everywhere: what is passed in is borrowed for the duration of the call. What is handed
 * back goes through a host-owned sink, which copies before it returns. Nobody frees the other's
 * memory.
 *
 * Growth: every struct that is passed by pointer begins with its own size and is only ever appended
 * to. A reader copies min(struct_size, its own size) into a zeroed struct; a function that is
 * missing or NULL means "not offered". Zero is never a valid status.
 *
 * Threads: unless a function says otherwise, what a call got may be used from the thread of that
 * call only. Exceptions and longjmp never cross the border in either direction. */
#ifndef JARVIS_ABI_BASE_H
#define JARVIS_ABI_BASE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Borrowed UTF-8 text, not terminated. Passed by value, so that it never grows. */
typedef struct jarvis_str {
  const char* ptr; /**< NULL only when `len` is 0 */
  uint64_t len;    /**< in bytes; 0 is the empty text, which stands for "not given" */
} jarvis_str;

/** What a call came to. The code tells the caller what to do next; the error sink says why. A
 * number outside the enumeration is treated as JARVIS_INTERNAL, so that a new one needs a new
 * interface revision. */
typedef int32_t jarvis_status;
enum {
  JARVIS_OK = 1,          /**< done; the result sink was called exactly once */
  JARVIS_INVALID = 2,     /**< the request is malformed: never retried */
  JARVIS_REFUSED = 3,     /**< understood and declined for good: never retried */
  JARVIS_RETRYABLE = 4,   /**< a passing fault: the caller may call again */
  JARVIS_UNAVAILABLE = 5, /**< something this call needs is not there: a server, a key, a file */
  JARVIS_CANCELLED = 6,   /**< stopped because jarvis_host.cancelled said so */
  JARVIS_INTERNAL = 7     /**< a fault of the callee itself */
};

/** Details of a failure. Owned by who fills it in, borrowed by the sink for the call. */
typedef struct jarvis_error {
  uint32_t struct_size;   /**< sizeof(jarvis_error) of who fills it in */
  jarvis_status code;     /**< the status that the function is about to return, which counts */
  jarvis_str message;     /**< lower case, cause first, at most 64 MiB; empty: nothing is known */
  jarvis_str hint;        /**< what to do about it, at most 64 MiB; may be empty */
  int64_t retry_after_ms; /**< with JARVIS_RETRYABLE: wait so many milliseconds; 0: not known */
} jarvis_error;

/** Where a function hands back its answer: the host's for a plugin's functions, the plugin's own
 * for those of jarvis_host. Owned by the caller, valid for the call only, used from the calling
 * thread only. A call with JARVIS_OK gives one `result`; any other status at most one `error`, of
 * which the last counts. Neither function keeps what it is given, and neither fails. */
typedef struct jarvis_reply {
  uint32_t struct_size; /**< sizeof(jarvis_reply) of the caller */
  uint32_t reserved;    /**< 0 */
  void* context;        /**< first argument of both functions; means nothing to the callee */
  /** Takes the answer: one JSON object as text, at most 64 MiB. */
  void (*result)(void* context, jarvis_str json);
  /** Takes the reason of a failure. */
  void (*error)(void* context, const jarvis_error* error);
} jarvis_reply;

#ifdef __cplusplus
}
#endif
#endif
