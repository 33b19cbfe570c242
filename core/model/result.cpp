#include "core/model/result.hpp"

namespace jarvis {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::configuration:
      return "configuration";
    case ErrorKind::retryable:
      return "retryable";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::budget:
      return "budget";
    case ErrorKind::cancelled:
      return "cancelled";
    case ErrorKind::not_ready:
      return "not_ready";
    case ErrorKind::locked:
      return "locked";
    case ErrorKind::dirty:
      return "dirty";
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::io:
      return "io";
    case ErrorKind::internal:
      return "internal";
  }
  return "internal";
}

}  // namespace jarvis
