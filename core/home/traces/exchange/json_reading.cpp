#include "core/home/traces/exchange/json_reading.hpp"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Exception.h>

#include <cmath>
#include <optional>

#include "core/base/digest.hpp"

namespace jarvis {

namespace {

constexpr double kMillisecondsFrom = 1e11;  // as seconds that is the year 5138

}  // namespace

std::string fault_of_line(std::string_view line) {
  return line.find('\0') == std::string_view::npos ? "" : "it holds a NUL byte";
}

Result<json::object> object_of_line(std::string_view line, json::storage_ptr memory) {
  if (const std::string fault = fault_of_line(line); !fault.empty())
    return Error{ErrorKind::invalid, fault};
  json::parse_options options;
  options.max_depth = kDeepestRecord;
  boost::system::error_code error;
  json::value value =
      json::parse(json::string_view(line.data(), line.size()), error, std::move(memory), options);
  if (error == json::error::too_deep)
    return Error{ErrorKind::invalid,
                 "it nests deeper than " + std::to_string(kDeepestRecord) + " levels"};
  if (error) return Error{ErrorKind::invalid, "it is not JSON: " + error.message()};
  if (!value.is_object()) return Error{ErrorKind::invalid, "it is not a JSON object"};
  return std::move(value.as_object());
}

std::string id_from_content(std::string_view format, std::string_view content) {
  constexpr std::size_t kDigits = 32;
  std::string text(format);
  text.append(1, '\n').append(content);
  return "ext-" + std::string(format) + "-" + sha256(text).substr(0, kDigits);
}

double unix_seconds(const json::value* value) {
  if (value && value->is_number()) {
    const double number = value->to_number<double>();
    if (!std::isfinite(number)) return 0;
    return number > kMillisecondsFrom ? number / 1000 : number;
  }
  if (!value || !value->is_string()) return 0;
  try {
    Poco::DateTime time;
    int offset = 0;
    if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::ISO8601_FRAC_FORMAT,
                                        std::string(value->as_string()), time, offset))
      return 0;
    time.makeUTC(offset);
    return static_cast<double>(time.timestamp().epochMicroseconds()) / 1e6;
  } catch (const Poco::Exception&) {
    return 0;
  }
}

std::string content_text(const json::value* content) {
  if (!content) return {};
  if (content->is_string()) return std::string(content->as_string());
  if (!content->is_array()) return {};
  std::string text;
  for (const json::value& part : content->as_array()) {
    std::string piece;
    if (part.is_string()) piece = std::string(part.as_string());
    if (part.is_object()) {
      const json::object& object = part.as_object();
      piece = text_at(object, "text");
      if (piece.empty() && text_at(object, "type") == "text") piece = text_at(object, "content");
    }
    if (!piece.empty()) text += (text.empty() ? "" : "\n") + piece;
  }
  return text;
}

std::string text_at(const json::object& object, std::string_view key) {
  return sdk::optional_string(object, key);
}

Result<std::optional<double>> rating_of(const json::value* value) {
  if (!value || value->is_null()) return std::optional<double>();
  const Error wrong{ErrorKind::invalid, "'feedback' is not a number from 0 to 1"};
  if (!value->is_number()) return wrong;
  const double rating = value->to_number<double>();
  if (!(rating >= 0 && rating <= 1)) return wrong;
  return std::optional<double>(rating);
}

}  // namespace jarvis
