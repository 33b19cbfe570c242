#include "core/base/json_text.hpp"

#include <vector>

namespace jarvis {

namespace {

Result<json::value> parse(const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return Error{ErrorKind::invalid, "not JSON: " + error.message(), ""};
  return value;
}

/** The insides of all ``` fences, in order. */
std::vector<std::string> fences(const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t at = text.find("```"); at != std::string::npos;) {
    const std::size_t start = text.find('\n', at);
    if (start == std::string::npos) break;
    const std::size_t end = text.find("```", start);
    if (end == std::string::npos) break;
    found.push_back(text.substr(start + 1, end - start - 1));
    at = text.find("```", end + 3);
  }
  return found;
}

void print(std::string& out, const json::value& value, const std::string& indent) {
  const std::string deeper = indent + "  ";
  if (value.is_object() && !value.as_object().empty()) {
    out += "{\n";
    bool first = true;
    for (const auto& [key, item] : value.as_object()) {
      out += (first ? "" : ",\n") + deeper + json::serialize(json::string_view(key)) + ": ";
      print(out, item, deeper);
      first = false;
    }
    out += "\n" + indent + "}";
  } else if (value.is_array() && !value.as_array().empty()) {
    out += "[\n";
    bool first = true;
    for (const json::value& item : value.as_array()) {
      out += (first ? "" : ",\n") + deeper;
      print(out, item, deeper);
      first = false;
    }
    out += "\n" + indent + "]";
  } else if (value.is_double()) {
    // Boost.JSON prints 0.5 as 5E-1, which no person reads with pleasure.
    char text[32];
    std::snprintf(text, sizeof text, "%.10g", value.as_double());
    out += text;
    if (std::string_view(text).find_first_of(".en") == std::string_view::npos) out += ".0";
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

Result<json::array> last_fenced_array(const std::string& text) {
  const auto found = fences(text);
  if (found.empty())
    return Error{ErrorKind::not_found, "the reply has no ```json fence", ""};
  auto value = parse(found.back());
  if (!value) return value.error();
  if (!value->is_array()) return Error{ErrorKind::invalid, "the ```json fence holds no array", ""};
  return std::move(value->as_array());
}

Result<json::object> object_in_reply(const std::string& text) {
  std::vector<std::string> candidates{text};
  for (std::string& fence : fences(text)) candidates.push_back(std::move(fence));
  const std::size_t open = text.find('{'), close = text.rfind('}');
  if (open != std::string::npos && close != std::string::npos && open < close)
    candidates.push_back(text.substr(open, close - open + 1));
  Error error{ErrorKind::invalid, "the reply holds no JSON object", ""};
  for (const std::string& candidate : candidates) {
    auto value = parse(candidate);
    if (value && value->is_object()) return std::move(value->as_object());
    if (!value) error = value.error();
  }
  return error;
}

std::string pretty(const json::value& value) {
  std::string out;
  print(out, value, "");
  return out + "\n";
}

std::string shortened(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace jarvis
