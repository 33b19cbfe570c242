#include "core/home/mcp_servers.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <jarvis/text/student_settings.hpp>

#include "core/base/atomic_file.hpp"
#include "core/model/json.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;
constexpr const char* kBlanks = " \t\r\n";
const text::TomlPath kEnabled{"tools", "mcp", "enabled"};
const text::TomlPath kServers{"tools", "mcp", "servers"};

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.';
         });
}

/** The texts at `key`; throws for anything else that stands there. */
std::vector<std::string> texts_at(const json::object& entry, const char* key) {
  const json::value* value = entry.if_contains(key);
  if (!value || value->is_null()) return {};
  if (!value->is_array()) throw sdk::invalid("'" + std::string(key) + "' is not a list");
  auto texts = sdk::strings_of(value->as_array());
  if (texts.size() != value->as_array().size())
    throw sdk::invalid("'" + std::string(key) + "' holds something that is not a text");
  for (const std::string& text : texts)
    if (text.find('\0') != std::string::npos)
      throw sdk::invalid("'" + std::string(key) + "' holds a NUL");
  return texts;
}

std::map<std::string, std::string> environment_in(const json::object& entry) {
  const json::value* value = entry.if_contains("env");
  if (!value || value->is_null()) return {};
  if (!value->is_object()) throw sdk::invalid("'env' is not an object");
  std::map<std::string, std::string> environment;
  for (const auto& [name, text] : value->as_object()) {
    const std::string variable(name);
    if (!text.is_string() || variable.empty() ||
        variable.find_first_of(std::string_view("=\0", 2)) != std::string::npos ||
        text.as_string().find('\0') != json::string::npos)
      throw sdk::invalid("'env' holds something that is no variable: '" + variable + "'");
    environment[variable] = std::string(text.as_string());
  }
  return environment;
}

class Reader {
 public:
  explicit Reader(const HomeView& home) : home_(home) {}

  McpServers read(const json::value& value) {
    const json::value parsed = value.is_string() ? parsed_text(value) : value;
    if (parsed.is_array()) {
      for (const json::value& entry : parsed.as_array()) add(entry, "");
    } else if (parsed.is_object()) {
      const json::value* named = parsed.as_object().if_contains("mcpServers");
      if (!named || !named->is_object())
        throw sdk::invalid("it is an object without an object 'mcpServers'");
      for (const auto& [name, entry] : named->as_object()) add(entry, std::string(name));
    } else if (!parsed.is_null()) {
      throw sdk::invalid("it is neither a list of servers nor an object with 'mcpServers'");
    }
    return std::move(found_);
  }

 private:
  json::value parsed_text(const json::value& value) const {
    std::string text(value.as_string());
    text.erase(0, std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.empty()) return nullptr;
    std::string what = "its text";
    if (text.front() != '[' && text.front() != '{') {
      const fs::path path = path_of(text);
      what = "'" + path.string() + "'";
      auto content = read_file(path, kMostBytes);
      if (!content) throw sdk::invalid(content.error().message);
      text = *std::move(content);
    }
    boost::system::error_code error;
    json::value parsed = json::parse(text, error);
    if (error) throw sdk::invalid(what + " is not JSON: " + error.message());
    return parsed;
  }

  fs::path path_of(std::string text) const {
    text.erase(text.find_last_not_of(kBlanks) + 1);
    if (text.find('\0') != std::string::npos) throw sdk::invalid("its path holds a NUL");
    if (text.rfind("~/", 0) == 0)
      if (const char* user = std::getenv("HOME"); user && *user == '/')
        return fs::path(user) / text.substr(2);
    return home_.root() / text;
  }

  void add(const json::value& value, std::string name) {
    ++count_;
    const std::string place = "server " + std::to_string(count_);
    // OpenJarvis takes an entry that is JSON text in JSON.
    const json::value entry = value.is_string() ? parsed_entry(value, place) : value;
    if (!entry.is_object()) throw sdk::invalid(place + " is not an object");
    const json::object& object = entry.as_object();
    if (name.empty()) name = sdk::optional_string(object, "name");
    if (!is_name(name))
      throw sdk::invalid(place + " has no 'name' of letters, digits, '_', '-' and '.'");
    if (sdk::optional_bool(object, "disabled") || !sdk::optional_bool(object, "enabled", true))
      return;
    try {
      add(object, name);
    } catch (const sdk::Failure& failure) {
      throw sdk::invalid("server '" + name + "': " + failure.what());
    }
  }

  static json::value parsed_entry(const json::value& value, const std::string& place) {
    boost::system::error_code error;
    json::value parsed = json::parse(value.as_string(), error);
    if (error) throw sdk::invalid(place + " is not JSON: " + error.message());
    return parsed;
  }

  void add(const json::object& object, const std::string& name) {
    const json::value* command = object.if_contains("command");
    if (!command || (command->is_string() && command->as_string().empty())) {
      found_.passed_over.push_back("the MCP server '" + name +
                                   "' has no 'command': only servers on standard streams are used");
      return;
    }
    McpServer server;
    server.name = name;
    server.command = command->is_array() ? texts_at(object, "command")
                                         : std::vector{sdk::required_string(object, "command")};
    if (server.command.empty()) throw sdk::invalid("'command' is empty");
    if (server.command.front().find('\0') != std::string::npos)
      throw sdk::invalid("'command' holds a NUL");
    for (std::string& word : texts_at(object, "args")) server.command.push_back(std::move(word));
    server.environment = environment_in(object);
    server.only_tools = texts_at(object, "include_tools");
    server.without_tools = texts_at(object, "exclude_tools");
    for (const McpServer& other : found_.servers) {
      if (other.name == server.name) throw sdk::invalid("the name stands twice");
      // A server is asked for by its command.
      if (other.command == server.command)
        throw sdk::invalid("it has the same command as '" + other.name + "'");
    }
    found_.servers.push_back(std::move(server));
  }

  const HomeView& home_;
  McpServers found_;
  int count_ = 0;
};

}  // namespace

Result<McpServers> mcp_servers(const HomeView& home) {
  const auto content = home.read(text::kConfigFile);
  if (!content && content.error().kind != ErrorKind::not_found) return content.error();
  std::string place = text::kConfigFile;
  try {
    const auto config = text::TomlDocument::parse(content ? *content : "", text::kConfigFile);
    const json::value* enabled = config.find(kEnabled);
    const json::value* servers = config.find(kServers);
    if (!servers || (enabled && enabled->is_bool() && !enabled->as_bool())) return McpServers();
    place = text::key_place(config, kServers);
    return Reader(home).read(*servers);
  } catch (const std::exception& failure) {
    return Error{ErrorKind::configuration, place + " cannot be used: " + failure.what(),
                 "give a list of {name, command, args, env}, or set tools.mcp.enabled = false"};
  }
}

}  // namespace jarvis
