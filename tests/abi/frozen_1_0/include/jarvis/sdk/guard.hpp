#pragma once

#include <exception>
#include <jarvis/sdk/host.hpp>
#include <new>

namespace jarvis::sdk {

/** Writes a failure into `reply` and gives `status` back, to be returned. `reply` may be null or
 * lack its error function. The texts are borrowed for the call. `retry_after_ms` in milliseconds,
 * 0: not known. */
inline jarvis_status give_error(const jarvis_reply* reply, jarvis_status status,
                                std::string_view message, std::string_view hint = {},
                                std::int64_t retry_after_ms = 0) noexcept {
  if (reply && reply->error) {
    const jarvis_error error{sizeof(jarvis_error), status, borrow(message), borrow(hint),
                             retry_after_ms};
    reply->error(reply->context, &error);
  }
  return status;
}

/** The one place where exceptions end. `body()` returns the JSON object to hand back; whatever it
 * throws becomes a status, never passes the border and never means success: a Failure its own
 * status, message and hint, anything else JARVIS_INTERNAL with what it says. `reply` is the host's.
 */
template <class Body>
jarvis_status guard(const jarvis_reply* reply, Body&& body) noexcept {
  try {
    const std::string text = json::serialize(body());
    reply->result(reply->context, borrow(text));
    return JARVIS_OK;
  } catch (const Failure& failure) {
    const jarvis_status status = failure.status() > JARVIS_OK ? failure.status() : JARVIS_INTERNAL;
    return give_error(reply, status, failure.what(), failure.hint(), failure.retry_after_ms());
  } catch (const std::bad_alloc&) {
    return give_error(reply, JARVIS_INTERNAL, "out of memory");
  } catch (const std::exception& error) {
    return give_error(reply, JARVIS_INTERNAL, error.what());
  } catch (...) {
    return give_error(reply, JARVIS_INTERNAL, "the plugin threw something that is no exception");
  }
}

}  // namespace jarvis::sdk
