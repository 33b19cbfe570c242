#include "core/base/json_text.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

namespace jarvis {

namespace {

Result<json::value> parse(const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return Error{ErrorKind::invalid, "not JSON: " + error.message(), ""};
  return value;
}

struct Fence {
  std::string language;  ///< what stands behind the opening ```
  std::string inside;
};

/** The next ``` at or after `from` that begins a line, blanks before it allowed. */
std::size_t next_mark(const std::string& text, std::size_t from) {
  for (std::size_t at = text.find("```", from); at != std::string::npos;
       at = text.find("```", at + 3)) {
    const std::size_t before = at == 0 ? std::string::npos : text.find_last_not_of(" \t", at - 1);
    if (before == std::string::npos || text[before] == '\n') return at;
  }
  return std::string::npos;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/** All ``` fences, in order. A mark in the middle of a line may stand in a string or in prose, so
 * it ends a fence only where no line of its own does. */
std::vector<Fence> fences(const std::string& text) {
  std::vector<Fence> found;
  for (std::size_t at = next_mark(text, 0); at != std::string::npos;) {
    const std::size_t start = text.find('\n', at);
    if (start == std::string::npos) break;
    std::size_t end = next_mark(text, start + 1);
    if (end == std::string::npos) end = text.find("```", start + 1);
    if (end == std::string::npos) break;
    found.push_back(
        {trimmed(text.substr(at + 3, start - at - 3)), text.substr(start + 1, end - start - 1)});
    at = next_mark(text, end + 3);
  }
  return found;
}

// The shortest text that reads back as the same number. Boost.JSON prints 0.5 as 5E-1, which no
// person reads with pleasure.
std::string number_text(double number) {
  if (!std::isfinite(number)) return "null";
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  std::string out(text, end);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
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
    out += number_text(value.as_double());
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

Result<json::array> last_fenced_array(const std::string& text) {
  std::optional<std::string> last;
  for (const Fence& fence : fences(text))
    if (fence.language.empty() || fence.language == "json") last = fence.inside;
  if (!last) return Error{ErrorKind::not_found, "the reply has no ```json fence", ""};
  auto value = parse(*last);
  if (!value) return value.error();
  if (!value->is_array()) return Error{ErrorKind::invalid, "the ```json fence holds no array", ""};
  return std::move(value->as_array());
}

Result<json::object> object_in_reply(const std::string& text) {
  std::vector<std::string> candidates{text};
  for (Fence& fence : fences(text)) candidates.push_back(std::move(fence.inside));
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

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  if (const std::size_t at = text.find(what); at != std::string::npos)
    text.replace(at, what.size(), with);
  return text;
}

std::string shortened(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string last_part(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t begin = text.size() - limit;
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
  return "…" + text.substr(begin);
}

}  // namespace jarvis
