#pragma once

#include <string>
#include <vector>

#include "core/model/mcp_server.hpp"
#include "core/model/result.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis {

/** What [tools.mcp] of a home's config.toml comes to. */
struct McpServers {
  std::vector<McpServer> servers;        ///< in the order of the configuration
  std::vector<std::string> passed_over;  ///< words for a log: what is configured and cannot be used
};

/** The servers that `tools.mcp.servers` names, as JSON text or the path of a JSON file ("~/" is the
 * user's home; a relative one begins at the home): a list of {name, command, args, env,
 * include_tools, exclude_tools}, or {"mcpServers": {name: {…}}}. None when `tools.mcp.enabled` is
 * false. configuration, with the key, for anything else. */
Result<McpServers> mcp_servers(const HomeView& home);

}  // namespace jarvis
