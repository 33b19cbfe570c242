#include "plugins/students/chat/text_protocol.hpp"

#include <algorithm>

namespace jarvis::chat {

namespace {

namespace json = boost::json;

constexpr const char* kBlanks = " \t\r\n";
constexpr const char* kToolPlace = "{tool_descriptions}";
constexpr const char* kSkillPlace = "{skill_examples}";

constexpr const char* kProtocol =
    "Work in steps. Each reply has one of two forms.\n\n"
    "To use a tool:\n"
    "Thought: what you think\n"
    "Action: the name of the tool\n"
    "Action Input: its arguments as a JSON object\n\n"
    "You are then told \"Observation:\" and what the tool gave back.\n\n"
    "To answer:\n"
    "Thought: what you think\n"
    "Final Answer: the answer\n\n"
    "Tools:\n\n";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string trimmed(const std::string& text, const char* characters = kBlanks) {
  const std::size_t begin = text.find_first_not_of(characters);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(characters) + 1 - begin);
}

/** Where a line begins with `marker`, blanks and asterisks before it aside. */
std::size_t find_marker(const std::string& lowered, const std::string& marker) {
  for (std::size_t line = 0; line < lowered.size();) {
    const std::size_t first = lowered.find_first_not_of(" \t*", line);
    if (first != std::string::npos && lowered.compare(first, marker.size(), marker) == 0)
      return first;
    const std::size_t newline = lowered.find('\n', line);
    if (newline == std::string::npos) break;
    line = newline + 1;
  }
  return std::string::npos;
}

/** The first JSON object in `text`. What is none is kept in a field that no tool has, so that the
 * tool's own check answers the model. */
json::object arguments_in(const std::string& text) {
  const std::string given = trimmed(text);
  const std::size_t begin = text.find('{');
  if (begin == std::string::npos)
    return given.empty() ? json::object() : json::object{{"unreadable_arguments", given}};
  json::stream_parser parser;
  boost::system::error_code error;
  parser.write_some(text.data() + begin, text.size() - begin, error);
  if (error || !parser.done()) return {{"unreadable_arguments", given}};
  return parser.release().as_object();
}

std::optional<sdk::ToolCall> call_in(const std::string& said, std::size_t action) {
  const std::size_t name = action + std::string("action:").size();
  const std::size_t end = std::min(said.find('\n', name), said.size());
  sdk::ToolCall call;
  call.name = trimmed(said.substr(name, end - name), " \t\r*`'\"");
  if (call.name.empty()) return std::nullopt;
  const std::string marker = "action input:";
  const std::string rest = said.substr(end);
  const std::size_t input = find_marker(lower(rest), marker);
  if (input != std::string::npos) call.arguments = arguments_in(rest.substr(input + marker.size()));
  return call;
}

std::string described(const sdk::ToolDefinition& tool) {
  std::string text = "### " + tool.name + "\n" + tool.description + "\nParameters:\n";
  const json::array required = sdk::optional_array(tool.parameters, "required");
  for (const auto& [name, schema] : sdk::optional_object(tool.parameters, "properties")) {
    const bool needed =
        std::find(required.begin(), required.end(), json::value(name)) != required.end();
    text += "- " + std::string(name) + " (" + sdk::optional_string(schema.as_object(), "type") +
            (needed ? ", required" : "") +
            "): " + sdk::optional_string(schema.as_object(), "description") + "\n";
  }
  return text;
}

/** `prompt` with its places filled in; with `format`, doubled braces become single ones. */
std::string filled(const std::string& prompt, const std::string& tools, bool format) {
  std::string text;
  for (std::size_t at = 0; at < prompt.size();) {
    const auto stands_here = [&](const std::string& part) {
      return prompt.compare(at, part.size(), part) == 0;
    };
    if (format && (stands_here("{{") || stands_here("}}"))) {
      text += prompt[at];
      at += 2;
    } else if (stands_here(kToolPlace)) {
      text += tools;
      at += std::string(kToolPlace).size();
    } else if (format && stands_here(kSkillPlace)) {
      at += std::string(kSkillPlace).size();
    } else {
      text += prompt[at++];
    }
  }
  return text;
}

}  // namespace

TextStep read_step(const std::string& reply) {
  const std::string lowered = lower(reply);
  TextStep step;
  step.said = trimmed(reply.substr(0, find_marker(lowered, "observation:")));
  step.answer = step.said;
  const std::string said = lower(step.said);
  const std::string marker = "final answer:";
  const std::size_t action = find_marker(said, "action:");
  const std::size_t answer = said.find(marker);
  if (answer < action) {
    step.answer = trimmed(step.said.substr(answer + marker.size()), " \t\r\n*");
  } else if (action != std::string::npos) {
    step.call = call_in(step.said, action);
  }
  return step;
}

std::string tool_block(const std::vector<sdk::ToolDefinition>& tools) {
  if (tools.empty()) return "You have no tools.";
  std::string text;
  for (const sdk::ToolDefinition& tool : tools)
    text += (text.empty() ? "" : "\n") + described(tool);
  return trimmed(text);
}

std::string system_prompt(const text::StudentSettings& settings,
                          const std::vector<sdk::ToolDefinition>& tools) {
  const std::string block = tool_block(tools);
  const std::string& own = settings.system_prompt;
  const bool has_place = settings.has_prompt_file && own.find(kToolPlace) != std::string::npos;
  const std::string prompt =
      settings.has_prompt_file ? filled(own, block, settings.text_protocol) : own;
  if (!settings.text_protocol || has_place) return prompt;
  return prompt + (prompt.empty() ? "" : "\n\n") + kProtocol + block;
}

}  // namespace jarvis::chat
