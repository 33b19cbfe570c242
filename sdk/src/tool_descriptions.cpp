#include <algorithm>
#include <jarvis/text/student_settings.hpp>
#include <jarvis/text/tool_descriptions.hpp>

namespace jarvis::text {

namespace {

constexpr std::size_t kLongestDescription = 4096;

std::string stripped(const std::string& text, const char* characters) {
  const std::size_t begin = text.find_first_not_of(characters);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(characters) + 1 - begin);
}

std::optional<std::string> text_in(const std::map<std::string, std::string>& descriptions,
                                   const std::string& tool) {
  const auto found = descriptions.find(tool);
  return found == descriptions.end() ? std::nullopt : std::make_optional(found->second);
}

[[noreturn]] void refuse_form(const TomlDocument& document, const std::string& tool) {
  const TomlPath place = tool_description_place(tool);
  throw sdk::refused(
      key_place(document, place) + " is written so that OpenJarvis cannot read it",
      "write it as a line '[" + tool +
          "]' and a line 'description = \"…\"' below it, both without comments behind them, and no "
          "other key of that table beginning with 'description'");
}

}  // namespace

std::map<std::string, std::string> scanned_descriptions(const std::string& text) {
  std::map<std::string, std::string> descriptions;
  std::string header;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = stripped(text.substr(at, end - at), " \t\r\f\v");
    at = end + 1;
    const std::size_t equals = line.find('=');
    if (line.size() >= 2 && line.front() == '[' && line.back() == ']')
      header = line.substr(1, line.size() - 2);
    else if (line.rfind("description", 0) == 0 && equals != std::string::npos && !header.empty())
      descriptions[header] =
          stripped(stripped(stripped(line.substr(equals + 1), " \t"), "\""), "'");
  }
  return descriptions;
}

void require_tool_description(const std::string& description, const std::string& field) {
  const auto fail = [&](const std::string& what, const std::string& hint = {}) {
    throw sdk::invalid("field '" + field + "' " + what, hint);
  };
  if (stripped(description, " \t\r\n").empty()) fail("is empty");
  if (description.size() > kLongestDescription)
    fail("is too long: " + std::to_string(description.size()) + " bytes, at most " +
         std::to_string(kLongestDescription));
  if (description.find_first_of("\r\n\t") != std::string::npos)
    fail("holds a line's end or a tab", "write it on one line, with blanks");
  if (description.find_first_of("\"\\") != std::string::npos)
    fail("holds a double quote or a backslash, which OpenJarvis would read as they are written",
         "use single quotes inside, or none");
  if (description.front() == '\'' || description.back() == '\'')
    fail("begins or ends with a single quote, which OpenJarvis would take away",
         "let it begin and end with another character");
}

void set_tool_description(TomlDocument& document, const std::string& tool,
                          const std::string& description) {
  const TomlPath place = tool_description_place(tool);
  const json::value* present = document.find(place);
  if (present && *present == json::value(json::string(description)))
    throw sdk::refused("no change: tool '" + tool + "' has this description already");
  const auto before = scanned_descriptions(document.text());
  TomlDocument edited = document;
  edited.set(place, json::string(description));
  const auto after = scanned_descriptions(edited.text());
  if (text_in(after, tool) != description) refuse_form(edited, tool);
  for (const auto& entry : edited.values()) {
    const std::string other(entry.key());
    if (other != tool && text_in(before, other) != text_in(after, other)) refuse_form(edited, tool);
  }
  document = std::move(edited);
}

}  // namespace jarvis::text
