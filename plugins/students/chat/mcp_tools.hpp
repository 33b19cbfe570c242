#pragma once

#include <jarvis/sdk/host.hpp>
#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jarvis::chat {

namespace json = boost::json;

/** A tool of one of the user's MCP servers. */
struct ServedTool {
  sdk::ToolDefinition definition;
  std::string server;
  std::string own_name;  ///< the server's name for it
  bool is_read_only = false;
};

/** The tools of the MCP servers that the user's config.toml names, reached through the host's `mcp`
 * service. No server is started before its tools are wanted. Used by one thread. */
class McpTools {
 public:
  /** Both are borrowed. */
  McpTools(const sdk::StudentRequest& request, const sdk::Host& host);

  /** All tools, in the order of the servers and of their own lists. A tool has its server's name
   * for it, as in OpenJarvis; one whose name is taken, by a tool of this runner or of a server
   * before, is called "<server>_<tool>". Names that no model's server takes are passed over.
   *
   * A server that cannot be asked: where the run measures something, the failure goes on, as the
   * student would not be the one that is to be measured; else it is left out, with a warning. */
  const std::vector<ServedTool>& all();

  /** nullptr where there is none. */
  const ServedTool* find(const std::string& name);

  /** Calls a tool and gives the text for the model. Throws JARVIS_REFUSED, naming the tool, for one
   * that may change something and is not allowed, JARVIS_INVALID with what the tool says of a wrong
   * call, and as the service does. */
  std::string call(const ServedTool& tool, const json::object& arguments) const;

  /** Whether the answer is measured: its tools may change nothing, and all of them must work. */
  bool is_measured() const;

 private:
  struct Server {
    std::string name;
    std::vector<std::string> command;
  };

  void add_tools_of(const Server& server);
  bool is_taken(const std::string& name) const;
  json::object ask(const Server& server, const std::string& tool,
                   const json::object& arguments) const;
  const Server& server_named(const std::string& name) const;

  const sdk::StudentRequest& request_;
  const sdk::Host& host_;
  std::vector<Server> servers_;
  std::optional<std::vector<ServedTool>> tools_;
};

}  // namespace jarvis::chat
