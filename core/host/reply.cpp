#include "core/host/reply.hpp"

#include <algorithm>
#include <cstring>
#include <jarvis/sdk/guard.hpp>
#include <new>

namespace jarvis {

namespace {

ErrorKind kind_of(jarvis_status status) {
  switch (status) {
    case JARVIS_INVALID:
      return ErrorKind::invalid;
    case JARVIS_REFUSED:
      return ErrorKind::refused;
    case JARVIS_RETRYABLE:
      return ErrorKind::retryable;
    case JARVIS_UNAVAILABLE:
      return ErrorKind::unavailable;
    case JARVIS_CANCELLED:
      return ErrorKind::cancelled;
    default:
      return ErrorKind::internal;
  }
}

jarvis_status status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
    case ErrorKind::not_found:
    case ErrorKind::usage:
      return JARVIS_INVALID;
    case ErrorKind::refused:
    case ErrorKind::budget:
    case ErrorKind::configuration:
    case ErrorKind::not_ready:
    case ErrorKind::dirty:
      return JARVIS_REFUSED;
    case ErrorKind::retryable:
      return JARVIS_RETRYABLE;
    case ErrorKind::unavailable:
    case ErrorKind::locked:
      return JARVIS_UNAVAILABLE;
    case ErrorKind::cancelled:
      return JARVIS_CANCELLED;
    case ErrorKind::io:
    case ErrorKind::internal:
      return JARVIS_INTERNAL;
  }
  return JARVIS_INTERNAL;
}

constexpr std::uint64_t kTextLimit = std::uint64_t{64} << 20;

bool is_usable(jarvis_str text) {
  return (text.ptr || text.len == 0) && text.len <= kTextLimit;
}

std::string copy_of(jarvis_str text) {
  return std::string(sdk::view(text));
}

}  // namespace

Reply::Reply()
    : sink_{sizeof(jarvis_reply), 0, this,
            [](void* self, jarvis_str text) { static_cast<Reply*>(self)->keep(text); },
            [](void* self, const jarvis_error* error) { static_cast<Reply*>(self)->keep(error); }} {
}

void Reply::keep(jarvis_str text) noexcept try {
  ++results_;
  if (is_usable(text))
    result_ = copy_of(text);
  else
    spoilt_ = true;
} catch (const std::bad_alloc&) {
  spoilt_ = true;
}

void Reply::keep(const jarvis_error* error) noexcept try {
  if (!error) return;
  jarvis_error known{};
  std::memcpy(&known, error, std::min<std::size_t>(error->struct_size, sizeof known));
  if (is_usable(known.message)) message_ = copy_of(known.message);
  if (is_usable(known.hint)) hint_ = copy_of(known.hint);
  retry_after_ms_ = known.retry_after_ms;
} catch (const std::bad_alloc&) {
  spoilt_ = true;
}

Result<json::object> Reply::take(jarvis_status status, const std::string& plugin) const {
  if (status < JARVIS_OK || status > JARVIS_INTERNAL)
    return Error{ErrorKind::internal,
                 "plugin '" + plugin + "' returned the unknown status " + std::to_string(status),
                 ""};
  if (status != JARVIS_OK)
    return Error{kind_of(status), message_.empty() ? failed_without_a_reason(plugin) : message_,
                 hint_, retry_after_ms_};
  if (results_ != 1)
    return Error{
        ErrorKind::internal,
        "plugin '" + plugin + "' reported success with " + std::to_string(results_) + " results",
        ""};
  if (spoilt_)
    return Error{ErrorKind::internal,
                 "plugin '" + plugin + "' gave an answer without text or longer than 64 MiB", ""};
  try {
    return sdk::parse_object(result_, "answer of plugin '" + plugin + "'");
  } catch (const sdk::Failure& failure) {
    return Error{ErrorKind::internal, failure.what(), ""};
  }
}

std::string failed_without_a_reason(const std::string& plugin) {
  return "plugin '" + plugin + "' failed without saying why";
}

jarvis_status give_result(const jarvis_reply& reply, const json::object& result) noexcept {
  return sdk::guard(&reply, [&] { return result; });
}

jarvis_status give_error(const jarvis_reply& reply, const Error& error) noexcept {
  return sdk::give_error(&reply, status_of(error.kind), error.message, error.hint,
                         error.retry_after_ms);
}

}  // namespace jarvis
