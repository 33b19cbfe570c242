#include "core/daemon/error_line.hpp"

namespace jarvis {

ErrorKind error_kind_from(std::string_view text) {
  for (int kind = 0; kind < static_cast<int>(ErrorKind::internal); ++kind)
    if (to_string(static_cast<ErrorKind>(kind)) == text) return static_cast<ErrorKind>(kind);
  return ErrorKind::internal;
}

json::object error_object(const Error& error) {
  return {{"code", to_string(error.kind)}, {"message", error.message}, {"hint", error.hint}};
}

Error error_from(const json::object& object) {
  return {error_kind_from(sdk::optional_string(object, "code")),
          sdk::optional_string(object, "message"), sdk::optional_string(object, "hint")};
}

std::string error_line(const Error& error) {
  return json::serialize(error_object(error));
}

std::optional<Error> error_from_line(const std::string& text) {
  boost::system::error_code problem;
  const json::value document = json::parse(text, problem);
  if (problem || !document.is_object()) return std::nullopt;
  return error_from(document.as_object());
}

}  // namespace jarvis
