#include "core/host/check/made_up_home.hpp"

#include <jarvis/text/toml_document.hpp>

namespace jarvis {

namespace {

constexpr const char* kConfig = R"(# A made-up home in which a plugin is checked.

[intelligence]
default_model = "made-up-model"
temperature = 0.7
max_tokens = 512

[agent]
default_agent = "simple"
max_turns = 4

[agent.simple]
class = "simple"

[learning.routing.policy_map]
short = "made-up-model"

[engine]
default = "ollama"
)";

constexpr const char* kPrompt = "You are a helpful assistant.\nAnswer briefly.\n";
constexpr const char* kDescriptions =
    "[think]\n"
    "description = \"Takes a note while thinking.\"\n";

std::string field(const Provided& op, std::string_view name, const std::string& otherwise) {
  const std::string value = sdk::optional_string(op.example, name);
  return is_plugin_name(value) ? value : otherwise;
}

std::string prompt_of(const std::string& agent) {
  return "agents/" + agent + "/system_prompt.md";
}

HomeFiles common_files(const std::string& agent, const std::vector<std::string>& tools) {
  auto config = text::TomlDocument::parse(kConfig, "config.toml");
  json::array names(tools.begin(), tools.end());
  if (agent != "simple") config.set({"agent", agent, "class"}, json::value("simple"));
  config.set({"agent", agent, "tools"}, names);
  return {{"config.toml", config.text()},
          {prompt_of("simple"), kPrompt},
          {prompt_of(agent), kPrompt},
          {"tools/descriptions.toml", kDescriptions}};
}

/** The touched files of an example, with its fields filled in. */
std::vector<std::string> touched_files(const Provided& op) {
  std::vector<std::string> files;
  for (std::string touch : op.touches) {
    for (const auto& [name, value] : op.example) {
      const std::string field = "{" + std::string(name) + "}";
      for (std::size_t at = touch.find(field); at != std::string::npos && value.is_string();
           at = touch.find(field))
        touch.replace(at, field.size(), std::string(value.as_string()));
    }
    const bool is_plain =
        touch.find_first_of(":{}*") == std::string::npos && touch.find("..") == std::string::npos;
    if (is_plain && (touch.rfind("agents/", 0) == 0 || touch.rfind("tools/", 0) == 0))
      files.push_back(touch);
  }
  return files;
}

std::string content_of(const std::string& file) {
  if (file.size() > 5 && file.substr(file.size() - 5) == ".json") return "[]\n";
  if (file.size() > 5 && file.substr(file.size() - 5) == ".toml") return "";
  return "A made-up text.\n";
}

}  // namespace

std::vector<HomeFiles> made_up_homes(const Provided& op) {
  const std::string agent = field(op, "agent", "simple");
  const std::string tool = field(op, "tool_name", "calculator");
  HomeFiles without = common_files(agent, {"think"});
  HomeFiles with = common_files(agent, {"think", tool});
  with["tools/descriptions.toml"] += "\n[" + tool + "]\ndescription = \"Made up.\"\n";
  for (const std::string& file : touched_files(op)) with.emplace(file, content_of(file));
  return {std::move(without), std::move(with)};
}

}  // namespace jarvis
