#include "toml_string.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <jarvis/text/utf8.hpp>

namespace jarvis::text {

namespace {

constexpr int kDeepestValue = 64;

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte != 0x7F) {
    out += c;
    return;
  }
  char escape[8];
  std::snprintf(escape, sizeof(escape), "\\u%04X", byte);
  out += escape;
}

char32_t hex_value(std::string_view digits) {
  std::uint32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

/** Appends what the escape at `at` (on the backslash) stands for; gives the position behind it. */
std::size_t append_unescaped(std::string& out, std::string_view text, std::size_t at) {
  const char kind = at + 1 < text.size() ? text[at + 1] : '\\';
  switch (kind) {
    case 'b':
      out += '\b';
      return at + 2;
    case 't':
      out += '\t';
      return at + 2;
    case 'n':
      out += '\n';
      return at + 2;
    case 'f':
      out += '\f';
      return at + 2;
    case 'r':
      out += '\r';
      return at + 2;
    case 'u':
      append_utf8(out, hex_value(text.substr(at + 2, 4)));
      return at + 6;
    case 'U':
      append_utf8(out, hex_value(text.substr(at + 2, 8)));
      return at + 10;
    default:
      out += kind;
      return at + 2;
  }
}

std::string written_number(double number) {
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  std::string text(digits, end);
  // A float needs a fraction or an exponent; "inf" and "nan" have letters of their own.
  if (text.find_first_of(".einf") == std::string::npos) text += ".0";
  return text;
}

std::string written(const json::value& value, int depth);

std::string written_array(const json::array& array, int depth) {
  std::string text = "[";
  for (const json::value& item : array) {
    if (text.size() > 1) text += ", ";
    text += written(item, depth + 1);
  }
  return text + "]";
}

std::string written_object(const json::object& object, int depth) {
  if (object.empty()) return "{}";
  std::string text = "{ ";
  for (const auto& member : object) {
    if (text.size() > 2) text += ", ";
    text += written_key(std::string(member.key())) + " = " + written(member.value(), depth + 1);
  }
  return text + " }";
}

std::string written(const json::value& value, int depth) {
  if (depth > kDeepestValue) throw sdk::invalid("value is nested too deeply for TOML");
  switch (value.kind()) {
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    case json::kind::int64:
      return std::to_string(value.get_int64());
    case json::kind::uint64:
      if (value.get_uint64() > static_cast<std::uint64_t>(INT64_MAX))
        throw sdk::invalid("value " + std::to_string(value.get_uint64()) +
                           " is too large for TOML");
      return std::to_string(value.get_uint64());
    case json::kind::double_:
      return written_number(value.get_double());
    case json::kind::string:
      return quoted(std::string_view(value.get_string()));
    case json::kind::array:
      return written_array(value.get_array(), depth);
    case json::kind::object:
      return written_object(value.get_object(), depth);
    case json::kind::null:
      break;
  }
  throw sdk::invalid("value null cannot be written as TOML");
}

/** How many times `quote` stands at `at` in a row, counting at most `most`. */
std::size_t run_of(std::string_view text, std::size_t at, char quote, std::size_t most) {
  std::size_t count = 0;
  while (count < most && at + count < text.size() && text[at + count] == quote) ++count;
  return count;
}

std::size_t end_of_multiline(std::string_view text, std::size_t at, char quote) {
  while (at < text.size()) {
    if (text[at] == '\\' && quote == '"') {
      at += 2;
      continue;
    }
    // Up to two quotes may belong to the value right before the closing three.
    const std::size_t run = run_of(text, at, quote, 5);
    if (run >= 3) return at + run;
    at += std::max<std::size_t>(run, 1);
  }
  return text.size();
}

}  // namespace

std::string quoted(std::string_view value) {
  if (!is_utf8(value)) throw sdk::invalid("value is not UTF-8");
  std::string text = "\"";
  for (const char c : value) append_escaped(text, c);
  return text + '"';
}

std::string written_key(const std::string& key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), is_bare) ? key : quoted(key);
}

std::string dotted(const TomlPath& path) {
  std::string text;
  for (const std::string& key : path) {
    if (!text.empty()) text += '.';
    text += written_key(key);
  }
  return text;
}

std::string unquoted(std::string_view literal) {
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  if (literal[0] == '\'') return std::string(inside);
  std::string value;
  for (std::size_t at = 0; at < inside.size();) {
    if (inside[at] == '\\')
      at = append_unescaped(value, inside, at);
    else
      value += inside[at++];
  }
  return value;
}

std::size_t end_of_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (run_of(text, at, quote, 3) == 3) return end_of_multiline(text, at + 3, quote);
  for (++at; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == quote) return at + 1;
    if (text[at] == '\\' && quote == '"' && at + 1 < text.size() && text[at + 1] != '\n') ++at;
  }
  return at;
}

std::string written_value(const json::value& value) {
  return written(value, 0);
}

}  // namespace jarvis::text
