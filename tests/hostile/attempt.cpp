#include "tests/hostile/attempt.hpp"

#include <fstream>
#include <jarvis/text/toml_document.hpp>
#include <sstream>
#include <stdexcept>

#include "core/home/live_home.hpp"
#include "core/home/staging/home_stager.hpp"
#include "sdk/tests/property/json_tree.hpp"

namespace jarvis::testing {

namespace fs = std::filesystem;

namespace {

using property::same_tree;
using property::value_at;
using property::with_value;
using property::without_value;
using text::TomlDocument;
using text::TomlPath;

constexpr const char* kMarked = "byte order marks, no final newline";

constexpr const char* kConfig = R"(# The user's own remarks stay.
temperature = "not a parameter"   # a trap for readers that look for names only

[agent]
default_agent = "simple"
temperature = 0.7 # [agent.simple] temperature = 2
tools = ""

[agent.simple]
tools = ["calculator", # sums
         "web_search"]
temperature = 0.2
temperature_scale = 3

[agent."native_react"]
class = 'native_react'
tools = "calculator, file_read"

[agent.none]
tools = []

[learning.routing.policy_map]
math = "Qwen/Qwen3.5-9B"

[learning.distillation]
enabled = true
max_cost_per_session_usd = 1.0

[models."qwen3.5:9b"]
temperature = 0.5

[engine.ollama]
host = "http://127.0.0.1:11434"

[security]
enabled = true
)";

constexpr const char* kDescriptions =
    "# What tools are for\n[calculator]\ndescription = \"Works out sums.\"\n";
constexpr const char* kPrompt = "You are a helpful assistant.\nAnswer briefly.\n\nNever guess.\n";
constexpr const char* kReactPrompt = "Use these tools:\n{tool_descriptions}\nThink first.\n";

std::string with_returns(const std::string& text) {
  std::string returned;
  for (const char c : text) returned += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return returned;
}

std::string without_newline(const std::string& text) {
  return text.substr(0, text.size() - 1);
}

std::string shaped_lines(const std::string& text, const std::string& style) {
  if (style == "CRLF") return with_returns(text);
  return style == kMarked ? without_newline(text) : text;
}

std::string shaped_file(const std::string& text, const std::string& style) {
  return (style == kMarked ? "\xEF\xBB\xBF" : "") + shaped_lines(text, style);
}

/** Puts strings in the place of {"$repeat": ["x", 3]} and nested arrays in that of {"$nest": 40}.
 */
json::value expanded(const json::value& value) {
  if (value.is_array()) {
    json::array array;
    for (const json::value& item : value.as_array()) array.push_back(expanded(item));
    return array;
  }
  if (!value.is_object()) return value;
  const json::object& object = value.as_object();
  if (const json::value* repeat = object.if_contains("$repeat")) {
    std::string text;
    const std::string part(repeat->at(0).as_string());
    for (std::int64_t i = repeat->at(1).as_int64(); i > 0; --i) text += part;
    return json::string(text);
  }
  if (const json::value* nest = object.if_contains("$nest")) {
    json::value inside = 1;
    for (std::int64_t i = nest->as_int64(); i > 0; --i) inside = json::array{std::move(inside)};
    return inside;
  }
  json::object result;
  for (const auto& [key, part] : object) result[key] = expanded(part);
  return result;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at))
    text.replace(at, what.size(), with), at += with.size();
  return text;
}

json::object payload_of(const HostilePayload& payload, const HostileHome& home) {
  const std::string text = replaced(payload.text, "{outside}", home.outside());
  return expanded(sdk::parse_object(text, "payload")).as_object();
}

/** The one place that an edit may change: a file, and in a TOML file the key. */
struct Place {
  std::string file;
  TomlPath key;
};

Place place_of(const std::string& op, const json::object& payload) {
  const auto field = [&](const char* name) { return sdk::optional_string(payload, name); };
  const std::string agent = field("agent");
  if (op == "set_model_for_query_class")
    return {"config.toml", {"learning", "routing", "policy_map", field("query_class")}};
  if (op == "set_model_param") return {"config.toml", {"models", field("model"), field("param")}};
  if (op == "set_agent_param") return {"config.toml", {"agent", agent, field("param")}};
  if (op == "set_agent_class") return {"config.toml", {"agent", agent, "class"}};
  if (op == "add_tool_to_agent" || op == "remove_tool_from_agent")
    return {"config.toml", {"agent", agent, "tools"}};
  if (op == "edit_tool_description")
    return {"tools/descriptions.toml", {field("tool_name"), "description"}};
  if (op == "edit_few_shot_exemplars") return {"agents/" + agent + "/few_shot.json", {}};
  return {"agents/" + agent + "/system_prompt.md", {}};
}

/** What is wrong with one changed file, or nothing. */
std::string damage_of(const FileChange& change, const Place& place) {
  if (change.path != place.file) return "'" + change.path + "' changed";
  if (!change.after) return "'" + change.path + "' is gone";
  if (place.key.empty()) return {};
  const auto before = TomlDocument::parse(change.before.value_or(""), change.path);
  const auto after = TomlDocument::parse(*change.after, change.path);
  const json::value* now = value_at(after.values(), place.key);
  if (!now) return "'" + text::dotted(place.key) + "' is gone";
  if (!same_tree(with_value(before.values(), place.key, *now), after.values()))
    return "another key than '" + text::dotted(place.key) + "' changed";
  return {};
}

/** What is wrong in the staged copy, or nothing. */
std::string damage_in(const HomeStage& stage, bool applied, const Place& place) {
  const auto config = stage.read("config.toml");
  if (!config) return "config.toml cannot be read: " + config.error().message;
  TomlDocument::parse(*config, "config.toml");
  const auto changes = stage.changes();
  if (!changes) return changes.error().message;
  if (changes->empty()) return applied ? "applied, and nothing changed" : "";
  if (!applied) return "refused, and '" + changes->front().path + "' changed";
  if (changes->size() > 1) return "more than one file changed";
  return damage_of(changes->front(), place);
}

std::string text_of(const fs::path& file) {
  if (fs::is_symlink(file)) return "-> " + fs::read_symlink(file).string();
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

std::vector<HostilePayload> read_payloads(const std::string& file) {
  std::vector<HostilePayload> payloads;
  std::ifstream lines(file, std::ios::binary);
  if (!lines) throw std::runtime_error("cannot read '" + file + "'");
  for (std::string line; std::getline(lines, line);) {
    const json::object object = sdk::parse_object(line, file);
    // Some payloads are no JSON, or say a key twice: those are given as text.
    const json::value* raw = object.if_contains("raw");
    payloads.push_back({sdk::required_string(object, "op"), sdk::required_string(object, "note"),
                        raw ? std::string(raw->as_string()) : json::serialize(object.at("payload")),
                        sdk::optional_string(object, "says")});
  }
  return payloads;
}

const std::vector<std::string>& HostileHome::styles() {
  static const std::vector<std::string> all{"LF", "CRLF", kMarked, "bare"};
  return all;
}

HostileHome::HostileHome(const std::string& style) {
  fill(style);
  made_ = everything();
}

bool HostileHome::is_untouched() const {
  return everything() == made_;
}

void HostileHome::fill(const std::string& style) {
  directory_.write("outside/file", "stays\n");
  directory_.write("agents/evil/system_prompt.md", "stays\n");
  directory_.write("home/SOUL.md", "stays\n");
  directory_.write("home/credentials.toml", "[tool]\nkey = \"stays\"\n");
  if (style == "bare") {
    directory_.write("home/config.toml", "");
    return;
  }
  directory_.write("home/config.toml", shaped_file(kConfig, style));
  directory_.write("home/tools/descriptions.toml", shaped_file(kDescriptions, style));
  directory_.write("home/agents/simple/system_prompt.md", shaped_file(kPrompt, style));
  directory_.write("home/agents/native_react/system_prompt.md", shaped_file(kReactPrompt, style));
  directory_.write("home/agents/simple/few_shot.json", "[]\n");
}

std::map<std::string, std::string> HostileHome::everything() const {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
    const std::string name = fs::relative(entry.path(), directory_.path()).string();
    if (name.rfind("home/learning", 0) == 0) continue;
    all[name] = entry.is_directory() && !entry.is_symlink() ? "a folder" : text_of(entry.path());
  }
  return all;
}

HomeStage& HostileHome::stage() {
  if (stage_) return *stage_;
  auto made = HomeStager(path()).stage(LiveHome(path()), "edit-1");
  if (!made) throw std::runtime_error("the home cannot be staged: " + made.error().message);
  stage_ = std::move(*made);
  return *stage_;
}

Attempt attempt(Registry& registry, const HostilePayload& payload, HostileHome& home) try {
  Attempt result;
  HomeStage& stage = home.stage();
  Edit edit;
  edit.op = payload.op;
  try {
    edit.payload = payload_of(payload, home);
    const auto applied = registry.apply(edit, stage);
    result.applied = applied.ok();
    if (!applied) result.refusal = applied.error().message;
  } catch (const sdk::Failure& failure) {
    result.refusal = failure.what();
  }
  result.damage = damage_in(stage, result.applied, place_of(payload.op, edit.payload));
  if (result.applied || !result.damage.empty()) home.drop_stage();
  if (!home.is_untouched()) result.damage = "the live home, or a file outside it, changed";
  return result;
} catch (const std::exception& error) {
  home.drop_stage();
  return {false, "", error.what()};
}

}  // namespace jarvis::testing
