#include "plugins/students/chat/mcp_tools.hpp"

#include <algorithm>
#include <jarvis/sdk/payload/student_services.hpp>

#include "plugins/students/chat/student_tools.hpp"

namespace jarvis::chat {

namespace {

constexpr std::size_t kLongestName = 64;  // that servers of models take
constexpr std::size_t kMostContent = 100 * 1024;

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kLongestName &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

/** As much of a long result as a model can use. */
std::string cut(std::string text) {
  if (text.size() <= kMostContent) return text;
  std::size_t end = kMostContent;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
  const std::size_t left_out = text.size() - end;
  text.resize(end);
  return text + "\n… and " + std::to_string(left_out) + " more bytes, which are left out";
}

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

McpTools::McpTools(const sdk::StudentRequest& request, const sdk::Host& host)
    : request_(request), host_(host) {
  for (const json::value& value : sdk::optional_array(request.settings, "mcp_servers"))
    if (value.is_object())
      servers_.push_back({sdk::optional_string(value.as_object(), "name"),
                          sdk::strings_of(sdk::optional_array(value.as_object(), "command"))});
}

bool McpTools::is_measured() const {
  return !has(request_.allowed_tools, "*");
}

json::object McpTools::ask(const Server& server, const std::string& tool,
                           const json::object& arguments) const {
  sdk::McpRequest wanted;
  wanted.home = request_.home;
  wanted.command = server.command;
  wanted.tool = tool;
  wanted.arguments = arguments;
  return host_.call("mcp", sdk::to_json(wanted));
}

bool McpTools::is_taken(const std::string& name) const {
  return StudentTools::has_own(name) ||
         std::any_of(tools_->begin(), tools_->end(),
                     [&](const ServedTool& tool) { return tool.definition.name == name; });
}

void McpTools::add_tools_of(const Server& server) {
  auto listed = sdk::mcp_result(ask(server, "", {}));
  for (sdk::McpTool& tool : listed.tools) {
    const std::string name = is_taken(tool.name) ? server.name + "_" + tool.name : tool.name;
    if (!is_name(name) || is_taken(name)) {
      host_.warning("the tool '" + name + "' of the MCP server '" + server.name +
                    "' is passed over: models cannot call it by that name");
      continue;
    }
    if (tool.parameters.empty())
      tool.parameters = {{"type", "object"}, {"properties", json::object()}};
    tools_->push_back({{name, std::move(tool.description), std::move(tool.parameters)},
                       server.name,
                       std::move(tool.name),
                       tool.is_read_only});
  }
}

const std::vector<ServedTool>& McpTools::all() {
  if (tools_) return *tools_;
  tools_.emplace();
  for (const Server& server : servers_) {
    try {
      add_tools_of(server);
    } catch (const sdk::Failure& failure) {
      if (is_measured() || failure.status() == JARVIS_CANCELLED) throw;
      host_.warning(std::string("goes on without the tools of an MCP server: ") + failure.what());
    }
  }
  return *tools_;
}

const ServedTool* McpTools::find(const std::string& name) {
  const auto found = std::find_if(all().begin(), all().end(), [&](const ServedTool& tool) {
    return tool.definition.name == name;
  });
  return found == all().end() ? nullptr : &*found;
}

const McpTools::Server& McpTools::server_named(const std::string& name) const {
  return *std::find_if(servers_.begin(), servers_.end(),
                       [&](const Server& server) { return server.name == name; });
}

std::string McpTools::call(const ServedTool& tool, const json::object& arguments) const {
  const std::string& name = tool.definition.name;
  if (!tool.is_read_only && is_measured() && !has(request_.allowed_tools, name))
    throw sdk::refused("tool '" + name + "' has side effects and is not run in a gate",
                       "--allow-side-effects " + name);
  const auto result = sdk::mcp_result(ask(server_named(tool.server), tool.own_name, arguments));
  if (result.is_error)
    throw sdk::invalid(result.content.empty() ? "the tool failed without saying why"
                                              : cut(result.content));
  return cut(result.content);
}

}  // namespace jarvis::chat
