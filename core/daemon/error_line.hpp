#pragma once

#include <optional>
#include <string>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** The kind that to_string names so; internal where it names none. */
ErrorKind error_kind_from(std::string_view text);

/** An error as JSON, {"code","message","hint"}, to hand it to another process. */
json::object error_object(const Error& error);
Error error_from(const json::object& object);

std::string error_line(const Error& error);
std::optional<Error> error_from_line(const std::string& text);

}  // namespace jarvis
