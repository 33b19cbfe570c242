#include "random_literal.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

namespace jarvis::property {

namespace {

const std::vector<std::string> kAtoms{
    "a",    "Z",    "9",    " ",   "  ",    "#",     "=",       ",",           ".",
    "[",    "]",    "{",    "}",   "\"",    "'",     "\\",      "\t",          "\n",
    "\r\n", "é",    "日本", "😀",   "[a]\n", "b = 1", ":",       "/",           "\"\"\"",
    "'''",  "\x7F", "\x01", "# c", "= [\n", "\\n",   "\\u0041", "\xEF\xBB\xBF"};

std::string random_text(Random& random) {
  std::string text;
  for (std::size_t i = random.below(7); i > 0; --i) text += random.pick(kAtoms);
  return text;
}

bool holds(const std::string& text, const char* characters) {
  return text.find_first_of(characters) != std::string::npos;
}

/** What may stand in single quotes. */
bool is_plain(const std::string& text) {
  return !holds(text, "'\n\r\x7F\x01");
}

std::string escape_of(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      char text[8];
      std::snprintf(text, sizeof text, "\\u%04x",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      return text;
  }
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace

std::string random_key(Random& random) {
  static const std::vector<std::string> keys{"a",
                                             "b",
                                             "temp",
                                             "temperature",
                                             "temperature_scale",
                                             "tools",
                                             "model",
                                             "x-y",
                                             "1",
                                             "3_4",
                                             "true",
                                             "inf",
                                             "class",
                                             "enabled",
                                             "a.b",
                                             "é",
                                             "a b",
                                             "\"q\"",
                                             "it's",
                                             "#",
                                             "[x]",
                                             "a=b",
                                             "Qwen/Qwen3.5-9B",
                                             "qwen3.5:9b",
                                             "\\",
                                             "\t",
                                             "日本",
                                             "\n",
                                             "simple",
                                             "default",
                                             "1979-05-27",
                                             "host",
                                             "c",
                                             "d",
                                             "list",
                                             "params",
                                             "k\x7Fk",
                                             "'",
                                             "names",
                                             "e"};
  if (random.chance(4)) return "";
  return random.pick(keys);
}

json::value random_value(Random& random, int depth) {
  switch (random.below(depth < 3 ? 9 : 6)) {
    case 0:
      return json::string(random_text(random));
    case 1:
      return json::string(random.chance(50) ? "5\n[security]\nenabled = false" : "x\"\"\"]} # '");
    case 2:
      return static_cast<std::int64_t>(random.bits() >> random.below(64));
    case 3:
      return random.chance(50) ? std::numeric_limits<std::int64_t>::min()
                               : -static_cast<std::int64_t>(random.below(100));
    case 4: {
      if (random.chance(20)) return random.chance(50) ? HUGE_VAL : std::nan("");
      return (static_cast<double>(random.bits() >> 11) - 4e15) *
             std::pow(10.0, static_cast<double>(random.below(60)) - 40.0);
    }
    case 5:
      return random.chance(50);
    case 6:
    case 7: {
      json::array array;
      for (std::size_t i = random.below(4); i > 0; --i)
        array.push_back(random_value(random, depth + 1));
      return array;
    }
    default: {
      json::object object;
      for (std::size_t i = random.below(4); i > 0; --i)
        object.insert_or_assign(random_key(random), random_value(random, depth + 1));
      return object;
    }
  }
}

std::string LiteralWriter::blanks() {
  static const std::vector<std::string> some{"", "", " ", " ", "  ", "\t", " \t "};
  return random_.pick(some);
}

std::string LiteralWriter::comment() {
  static const std::vector<std::string> texts{" plain", " [a]", " a = 1", " \"",
                                              " '''",   " ]",   " , }",   " é 日本",
                                              "",       " # #", " \\",    " \"\"\""};
  return "#" + std::to_string(comments_++) + ":" + random_.pick(texts);
}

std::string LiteralWriter::basic(const std::string& content) {
  std::string text = "\"";
  for (const char c : content) {
    const bool must = c == '"' || c == '\\' || (is_control(c) && c != '\t');
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    if (must)
      text += escape_of(c);
    else if (ascii && c != '\t' && random_.chance(4))
      text += "\\U0000" + escape_of(c).substr(2);
    else
      text += c;
  }
  return text + "\"";
}

std::string LiteralWriter::key_part(const std::string& key) {
  const bool bare = !key.empty() && key.find_first_not_of(
                                        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789_-") == std::string::npos;
  if (bare && random_.chance(75)) return key;
  if (is_plain(key) && random_.chance(40)) return "'" + key + "'";
  return basic(key);
}

std::string LiteralWriter::key_path(const TomlPath& path) {
  std::string text;
  for (const std::string& key : path) {
    if (!text.empty() || &key != &path.front())
      text += random_.chance(15) ? blanks() + "." + blanks() : ".";
    text += key_part(key);
  }
  return text;
}

Literal LiteralWriter::text() {
  const std::string content = random_text(random_);
  if (random_.chance(35)) return multi_line_text(content);
  if (is_plain(content) && random_.chance(50))
    return {"'" + content + "'", json::string(content), ValueKind::scalar, {}};
  return {basic(content), json::string(content), ValueKind::scalar, {}};
}

Literal LiteralWriter::multi_line_text(const std::string& wanted) {
  const bool raw = !holds(wanted, "'\r\x7F\x01") && random_.chance(50);
  const std::string quotes = raw ? "'''" : "\"\"\"";
  std::string text = quotes, value;
  if (random_.chance(40) || (!wanted.empty() && wanted[0] == '\n')) text += newline_;
  char before = 0;
  for (const char c : wanted) {
    if (c == '\n') {
      text += newline_;
    } else if (!raw && (c == '\\' || (is_control(c) && c != '\t') || (c == '"' && before == '"'))) {
      text += escape_of(c);
    } else {
      text += c;
    }
    before = c;
    value += c;
  }
  if (!raw && random_.chance(25)) {
    text += "\\" + blanks() + newline_ + newline_ + blanks() + "z";
    value += 'z';
  }
  if (random_.chance(15)) {
    text += raw ? "x'" : "x\"";
    value += raw ? "x'" : "x\"";
  }
  return {text + quotes, json::string(value), ValueKind::scalar, {}};
}

Literal LiteralWriter::integer() {
  const auto number = static_cast<std::int64_t>(random_.bits() >> (1 + random_.below(63)));
  char text[80];
  switch (random_.below(6)) {
    case 0:
      std::snprintf(text, sizeof text, "0x%llX", static_cast<unsigned long long>(number));
      return {text, number, ValueKind::scalar, {}};
    case 1:
      std::snprintf(text, sizeof text, "0o%llo", static_cast<unsigned long long>(number));
      return {text, number, ValueKind::scalar, {}};
    case 2: {
      std::string digits;
      for (auto rest = static_cast<std::uint64_t>(number % 4096); rest || digits.empty(); rest /= 2)
        digits.insert(digits.begin(), rest % 2 ? '1' : '0');
      return {"0b" + digits, number % 4096, ValueKind::scalar, {}};
    }
    case 3: {
      std::string digits = std::to_string(number);
      for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, "_");
      return {digits, number, ValueKind::scalar, {}};
    }
    case 4:
      return {"-" + std::to_string(number), -number, ValueKind::scalar, {}};
    default:
      return {
          (random_.chance(20) ? "+" : "") + std::to_string(number), number, ValueKind::scalar, {}};
  }
}

Literal LiteralWriter::floating() {
  static const std::vector<std::pair<std::string, double>> special{
      {"inf", HUGE_VAL},      {"-inf", -HUGE_VAL},       {"+inf", HUGE_VAL},  {"nan", std::nan("")},
      {"+nan", std::nan("")}, {"-nan", std::nan("")},    {"1_000.5", 1000.5}, {"-0.0", -0.0},
      {"1e06", 1e6},          {"6.02_2E+2_3", 6.022e23}, {"5e-324", 5e-324}};
  if (random_.chance(35)) {
    const auto& [text, value] = random_.pick(special);
    return {text, value, ValueKind::scalar, {}};
  }
  std::string text = (random_.chance(30) ? "-" : "") + std::to_string(random_.below(1000)) + "." +
                     std::to_string(random_.below(100000));
  if (random_.chance(30))
    text += (random_.chance(50) ? "e-" : "E") + std::to_string(random_.below(30));
  return {text, std::strtod(text.c_str(), nullptr), ValueKind::scalar, {}};
}

Literal LiteralWriter::moment() {
  static const std::vector<std::pair<std::string, std::string>> moments{
      {"1979-05-27", "1979-05-27"},
      {"07:32:00", "07:32:00"},
      {"00:32:00.999999", "00:32:00.999999"},
      {"1979-05-27T07:32:00", "1979-05-27T07:32:00"},
      {"1979-05-27 07:32:00", "1979-05-27T07:32:00"},
      {"1979-05-27 07:32:00Z", "1979-05-27T07:32:00Z"},
      {"1979-05-27T00:32:00-07:00", "1979-05-27T00:32:00-07:00"},
      {"2024-02-29T23:59:59.5+01:30", "2024-02-29T23:59:59.5+01:30"}};
  const auto& [text, value] = random_.pick(moments);
  return {text, json::string(value), ValueKind::scalar, {}};
}

Literal LiteralWriter::scalar() {
  switch (random_.below(8)) {
    case 0:
    case 1:
    case 2:
      return text();
    case 3:
    case 4:
      return integer();
    case 5:
      return floating();
    case 6:
      return moment();
    default: {
      const bool yes = random_.chance(50);
      return {yes ? "true" : "false", yes, ValueKind::scalar, {}};
    }
  }
}

std::string LiteralWriter::gap(bool lines) {
  std::string text = blanks();
  if (!lines) return text;
  for (std::size_t i = random_.below(3); i > 0; --i) {
    if (random_.chance(30)) text += comment();
    text += newline_ + blanks();
  }
  return text;
}

Literal LiteralWriter::array(int depth) {
  const bool lines = random_.chance(50);
  // The usual form: one item on each line.
  const bool tidy = lines && random_.chance(50);
  const auto between = [&](bool before_comma) {
    if (!tidy) return gap(lines);
    if (before_comma) return std::string();
    return (random_.chance(30) ? " " + comment() : "") + newline_ + "  ";
  };
  json::array values;
  std::string text = "[" + between(false);
  const std::size_t count = random_.below(5);
  for (std::size_t i = 0; i < count; ++i) {
    const Literal item = literal(depth + 1);
    text += item.text + between(true);
    values.push_back(item.value);
    if (i + 1 < count || random_.chance(40))
      text += "," + between(false);
    else if (tidy)
      text += (random_.chance(30) ? " " + comment() : "") + newline_;
  }
  return {text + "]", values, ValueKind::array, {}};
}

Literal LiteralWriter::inline_table(int depth) {
  Literal table{"{" + blanks(), json::object(), ValueKind::inline_table, {}};
  const std::size_t count = random_.below(4);
  for (std::size_t i = 0; i < count; ++i) {
    TomlPath path{random_key(random_)};
    if (table.value.get_object().contains(path[0])) continue;
    if (!table.value.get_object().empty()) table.text += "," + blanks();
    while (path.size() < 3 && random_.chance(20)) path.push_back(random_key(random_));
    RandomEntry entry;
    entry.path = path;
    entry.in_braces = true;
    entry.begin = table.text.size();
    table.text += key_path(path) + blanks() + "=" + blanks();
    entry.value_begin = table.text.size();
    const Literal value = literal(depth + 1);
    table.text += value.text;
    entry.value_end = table.text.size();
    entry.kind = value.kind;
    table.below.push_back(entry);
    for (RandomEntry below : value.below) {
      below.path.insert(below.path.begin(), path.begin(), path.end());
      below.begin += entry.value_begin;
      below.value_begin += entry.value_begin;
      below.value_end += entry.value_begin;
      table.below.push_back(below);
    }
    table.text += blanks();
    json::object* into = &table.value.get_object();
    for (std::size_t part = 0; part + 1 < path.size(); ++part)
      into = &(*into)[path[part]].emplace_object();
    into->insert_or_assign(path.back(), value.value);
  }
  table.text += "}";
  return table;
}

Literal LiteralWriter::literal(int depth) {
  const std::size_t kind = random_.below(10);
  if (depth < 3 && kind >= 8) return inline_table(depth);
  if (depth < 3 && kind >= 5) return array(depth);
  return scalar();
}

}  // namespace jarvis::property
