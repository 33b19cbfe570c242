#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace jarvis {

/** Why something failed, and so what its caller may do about it. */
enum class ErrorKind {
  invalid,        ///< malformed input: a file, a request, a reply
  refused,        ///< understood and declined for good
  not_found,      ///< no such id, file or plugin
  configuration,  ///< config.toml says something that cannot hold
  retryable,      ///< a passing fault; trying again may help
  unavailable,    ///< a server, key or file that is needed is not there
  budget,         ///< the money that is left does not allow it
  cancelled,      ///< somebody asked to stop
  not_ready,      ///< too early: exit status 3
  locked,         ///< another session holds the home: exit status 4
  dirty,          ///< the user's working tree is dirty: exit status 5
  usage,          ///< wrong command line: exit status 2
  io,             ///< the disk, the database or the repository failed
  internal        ///< a fault of this program or of a plugin
};

std::string_view to_string(ErrorKind kind);

/** An expected failure. `message` is lower case, cause first; `hint` says what to do. */
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
  std::string hint = {};
  std::int64_t retry_after_ms = 0;
};

/** A value or the reason why there is none. */
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace jarvis
