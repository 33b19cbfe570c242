#include <algorithm>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/openjarvis.hpp>
#include <jarvis/text/prompt.hpp>
#include <jarvis/text/staged_file.hpp>
#include <jarvis/text/student_settings.hpp>
#include <jarvis/text/utf8.hpp>
#include <set>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace jarvis::text {

namespace {

constexpr std::size_t kLargestPrompt = 65536;

/** Nothing for an owner that takes its prompt literally. */
const OpenJarvisAgent* formatting_agent(const PromptOwner& owner) {
  for (const std::string& name : {owner.agent_class, owner.agent})
    if (const OpenJarvisAgent* known = openjarvis_agent(name); known && known->formats_prompt())
      return known;
  return nullptr;
}

bool knows(const OpenJarvisAgent& agent, std::string_view placeholder) {
  return std::find(agent.placeholders.begin(), agent.placeholders.end(), placeholder) !=
         agent.placeholders.end();
}

/** A text cut at its braces: placeholders by name, and where braces stand that are neither doubled
 * nor around a known placeholder. */
struct Braces {
  std::set<std::string> placeholders;
  std::vector<std::size_t> stray;
};

Braces braces_of(std::string_view text) {
  Braces braces;
  for (std::size_t at = text.find_first_of("{}"); at != std::string_view::npos;
       at = text.find_first_of("{}", at)) {
    if (at + 1 < text.size() && text[at + 1] == text[at]) {
      at += 2;
      continue;
    }
    const std::size_t close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    const std::string_view name =
        close == std::string_view::npos ? std::string_view() : text.substr(at + 1, close - at - 1);
    if (is_openjarvis_placeholder(name)) {
      braces.placeholders.emplace(name);
      at = close + 1;
    } else {
      braces.stray.push_back(at++);
    }
  }
  return braces;
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + ("'{" + name + "}'");
  return text;
}

void require_braces(const OpenJarvisAgent& agent, const std::string& prompt, const Braces& braces) {
  if (!braces.stray.empty())
    throw sdk::refused("the prompt has a stray brace at " + place_of(prompt, braces.stray[0]) +
                           ", which crashes an agent like '" + std::string(agent.name) + "'",
                       "double braces that are meant literally: '{{' and '}}'");
  for (const std::string& placeholder : braces.placeholders)
    if (!knows(agent, placeholder))
      throw sdk::refused("an agent like '" + std::string(agent.name) +
                             "' does not fill the placeholder '{" + placeholder + "}'",
                         "double its braces, or leave it out");
}

void require_placeholders(const std::string& agent, const Braces& braces,
                          const std::set<std::string>& needed) {
  std::vector<std::string> missing;
  std::set_difference(needed.begin(), needed.end(), braces.placeholders.begin(),
                      braces.placeholders.end(), std::back_inserter(missing));
  if (!missing.empty())
    throw sdk::refused("the prompt of agent '" + agent + "' would lose " + join(missing),
                       "keep the placeholder: the agent fills it in when it runs");
}

/** For OpenJarvis' agents. */
void require_own_prompt(const TomlDocument& config, const std::string& agent) {
  require_file_name(agent);
  const auto place = prompt_place(agent, Dialect::openjarvis);
  if (!place)
    throw sdk::refused("OpenJarvis reads no prompt for agent '" + agent + "'",
                       "simple and orchestrator share agent.default_system_prompt; native_react, "
                       "native_openhands, monitor_operative, rlm and deep_research have their own");
  if (!place->key.empty()) require_answering_agent(config, agent);
}

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_marked(std::string_view text) {
  return text.substr(0, kByteOrderMark.size()) == kByteOrderMark;
}

std::string_view without_mark(std::string_view text) {
  return is_marked(text) ? text.substr(kByteOrderMark.size()) : text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

/** Lines that the present prompt has already are the user's own, whatever is in them, and so is a
 * byte order mark. */
void require_visible_additions(std::string prompt, std::string present, const std::string& field) {
  if (is_marked(prompt) && is_marked(present)) {
    prompt = without_mark(prompt);
    present = without_mark(present);
  }
  const std::vector<std::string> old_lines = lines_of(present);
  const std::unordered_set<std::string> known(old_lines.begin(), old_lines.end());
  for (const std::string& line : lines_of(prompt))
    if (!known.count(line)) require_visible_text(line, field);
}

}  // namespace

PromptOwner prompt_owner(const std::string& home, const std::string& agent) {
  const std::optional<std::string> config = read_staged_file(home, kConfigFile);
  if (!config) return {agent, {}};
  const TomlDocument document = TomlDocument::parse(*config, kConfigFile);
  return {agent, text_of(document, agent_class_setting(agent, dialect_of(document)))};
}

AgentPrompt agent_prompt(const std::string& agent, const ReadFile& read) {
  const TomlDocument config = TomlDocument::parse(read(kConfigFile).value_or(""), kConfigFile);
  const Dialect dialect = dialect_of(config);
  if (dialect == Dialect::openjarvis) require_own_prompt(config, agent);
  AgentPrompt prompt{dialect, *prompt_place(agent, dialect), std::nullopt};
  if (prompt.place.key.empty())
    prompt.text = read(prompt.place.file);
  else if (const std::string text = text_of(config, {prompt.place.key, {}}); !text.empty())
    prompt.text = text;
  return prompt;
}

std::string as_template(const PromptOwner& owner, const std::string& text) {
  const bool has_doubled =
      text.find("{{") != std::string::npos || text.find("}}") != std::string::npos;
  if (has_doubled || !formatting_agent(owner)) return text;
  std::string doubled;
  std::size_t begin = 0;
  for (const std::size_t stray : braces_of(text).stray) {
    doubled += text.substr(begin, stray + 1 - begin) + text[stray];
    begin = stray + 1;
  }
  return doubled + text.substr(begin);
}

void require_formattable(const PromptOwner& owner, const std::string& prompt) {
  if (const OpenJarvisAgent* formatting = formatting_agent(owner))
    require_braces(*formatting, prompt, braces_of(prompt));
}

void require_good_prompt(const PromptOwner& owner, const std::string& prompt,
                         const std::optional<std::string>& present, const std::string& field) {
  if (without_mark(prompt).find_first_not_of(" \t\r\n") == std::string_view::npos)
    throw sdk::refused("the prompt of agent '" + owner.agent + "' would be empty");
  if (prompt.size() > kLargestPrompt)
    throw sdk::refused("the prompt would be too long: " + std::to_string(prompt.size()) +
                       " bytes, at most " + std::to_string(kLargestPrompt));
  require_visible_additions(prompt, present.value_or(""), field);
  const Braces braces = braces_of(prompt);
  const OpenJarvisAgent* const formatting = formatting_agent(owner);
  if (formatting) require_braces(*formatting, prompt, braces);
  std::set<std::string> needed;
  if (present)
    needed = braces_of(*present).placeholders;
  else if (formatting)
    needed.emplace(formatting->placeholders.front());
  require_placeholders(owner.agent, braces, needed);
}

std::string shaped_like(const std::optional<std::string>& present, const std::string& text) {
  const std::size_t newline = present ? present->find('\n') : std::string::npos;
  const bool returns =
      newline != std::string::npos && newline > 0 && (*present)[newline - 1] == '\r';
  std::string shaped;
  if (present && is_marked(*present) && !is_marked(text)) shaped = kByteOrderMark;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
    if (text[at] == '\n' && returns) shaped += '\r';
    shaped += text[at];
  }
  const std::string ending = returns ? "\r\n" : "\n";
  const bool ends_open = present && !present->empty() && present->back() != '\n';
  const bool has_ending = !shaped.empty() && shaped.back() == '\n';
  if (!ends_open && !has_ending && !shaped.empty()) shaped += ending;
  if (ends_open && has_ending) shaped.erase(shaped.size() - ending.size());
  return shaped;
}

}  // namespace jarvis::text
