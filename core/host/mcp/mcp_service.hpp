#pragma once

#include <functional>
#include <jarvis/sdk/payload/student_services.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/host/side_effects.hpp"
#include "core/model/mcp_server.hpp"
#include "core/model/result.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis {

/** The host's `mcp` service of one student: the tools of the servers that the user's own
 * config.toml names, and of no others. One process for each home and server, started when it is
 * first needed; all end with the object, and those of a home that is gone before. A server that
 * failed is started again once. Safe to call from many threads; a server answers one of them at a
 * time. */
class McpService {
 public:
  explicit McpService(std::vector<McpServer> servers);
  ~McpService();

  /** Lists or calls. `allowed`: see StudentQuestion. Errors: refused (a server that is not
   * configured, another home, a tool with side effects that is not allowed), invalid (no such tool,
   * wrong arguments by the server's words), cancelled, unavailable (it cannot be started, ended,
   * is silent, or does not speak the protocol), configuration (no such program).
   *
   * A tool counts as one with side effects unless the server says that it only reads and
   * config/ops.toml does not name it. */
  Result<sdk::McpResult> serve(const sdk::McpRequest& request, const HomeView& home,
                               const std::vector<std::string>& allowed,
                               const std::function<bool()>& cancelled);

  /** As settings tell a runner: [{name, command}]. */
  json::array listed() const;

 private:
  class Seat;

  Result<std::size_t> server_of(const sdk::McpRequest& request) const;
  std::shared_ptr<Seat> seat_of(const std::string& home, std::size_t server);

  const std::vector<McpServer> servers_;
  const SideEffects side_effects_ = SideEffects::built_in();
  std::mutex mutex_;
  std::map<std::pair<std::string, std::size_t>, std::shared_ptr<Seat>> seats_;
};

}  // namespace jarvis
