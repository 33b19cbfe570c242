#include "core/host/mcp/mcp_service.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "core/host/mcp/mcp_connection.hpp"
#include "core/host/process/configured_program.hpp"
#include "core/host/process/inherited_environment.hpp"

namespace jarvis {

namespace {

using std::chrono::milliseconds;

constexpr int kMostStarts = 2;
constexpr std::int64_t kLongestCall = 600;  // seconds

bool has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/** Whether the server is of no use after this. */
bool is_broken(const Error& error) {
  return error.kind != ErrorKind::invalid && error.kind != ErrorKind::cancelled;
}

}  // namespace

/** One server for one home. */
class McpService::Seat {
 public:
  using Cancelled = McpConnection::Cancelled;

  Seat(const McpServer& server, std::string home, const SideEffects& side_effects)
      : server_(server), home_(std::move(home)), side_effects_(side_effects) {}

  Result<sdk::McpResult> serve(const sdk::McpRequest& request,
                               const std::vector<std::string>& allowed,
                               const Cancelled& cancelled) {
    const std::lock_guard lock(mutex_);
    if (auto there = require_connection(cancelled); !there) return there.error();
    if (auto known = require_tools(cancelled); !known) return known.error();
    if (request.tool.empty()) return sdk::McpResult{*tools_, "", false};
    if (auto may = require_allowed(request.tool, allowed); !may) return may.error();
    const auto patience = std::clamp<std::int64_t>(request.timeout_seconds, 1, kLongestCall);
    return kept(connection_->call_tool(request.tool, request.arguments,
                                       milliseconds(1000 * patience), cancelled));
  }

  /** Tells the server to end, and does not wait. */
  void begin_to_end() {
    const std::lock_guard lock(mutex_);
    if (connection_) connection_->begin_to_end();
  }

 private:
  Result<void> require_connection(const Cancelled& cancelled) {
    if (connection_ && connection_->has_ended()) connection_.reset();
    if (connection_) return {};
    if (starts_ >= kMostStarts)
      return Error{ErrorKind::unavailable,
                   "the MCP server '" + server_.name + "' is not started a third time" +
                       (last_fault_.empty() ? "" : ": " + last_fault_),
                   "correct it, or set tools.mcp.enabled = false"};
    ProcessOrder order;
    const auto program =
        configured_program(server_.command.front(), "the MCP server '" + server_.name + "'");
    if (!program) return program.error();
    order.words = server_.command;
    order.words.front() = program->string();
    order.directory = home_;
    order.environment = inherited_environment();
    for (const auto& [name, value] : server_.environment) order.environment[name] = value;
    order.network = true;
    order.has_scratch_folder = false;
    ++starts_;
    auto started = kept(McpConnection::start(server_.name, order, cancelled));
    if (!started) return started.error();
    connection_ = std::move(*started);
    return {};
  }

  Result<void> require_tools(const Cancelled& cancelled) {
    if (tools_) return {};
    auto listed = kept(connection_->list_tools(cancelled));
    if (!listed) return listed.error();
    std::erase_if(*listed, [&](const sdk::McpTool& tool) {
      return has(server_.without_tools, tool.name) ||
             (!server_.only_tools.empty() && !has(server_.only_tools, tool.name));
    });
    for (sdk::McpTool& tool : *listed)
      tool.is_read_only = tool.is_read_only && !side_effects_.names(tool.name);
    tools_ = std::move(*listed);
    return {};
  }

  Result<void> require_allowed(const std::string& name,
                               const std::vector<std::string>& allowed) const {
    const auto tool = std::find_if(tools_->begin(), tools_->end(),
                                   [&](const sdk::McpTool& one) { return one.name == name; });
    if (tool == tools_->end())
      return Error{ErrorKind::invalid,
                   "the MCP server '" + server_.name + "' has no tool '" + name + "'", ""};
    // A runner calls one whose name is taken by both names.
    if (tool->is_read_only || has(allowed, "*") || has(allowed, name) ||
        has(allowed, server_.name + "_" + name))
      return {};
    return Error{ErrorKind::refused,
                 "tool '" + name + "' has side effects and is not run in a gate",
                 "--allow-side-effects " + name};
  }

  template <class Answer>
  Result<Answer> kept(Result<Answer> answer) {
    if (answer || !is_broken(answer.error())) return answer;
    last_fault_ = answer.error().message;
    connection_.reset();
    return answer;
  }

  const McpServer& server_;
  const std::string home_;
  const SideEffects& side_effects_;
  std::mutex mutex_;
  std::unique_ptr<McpConnection> connection_;
  std::optional<std::vector<sdk::McpTool>> tools_;
  int starts_ = 0;
  std::string last_fault_;
};

McpService::McpService(std::vector<McpServer> servers) : servers_(std::move(servers)) {}

// Each takes a moment to end: they take it together.
McpService::~McpService() {
  for (const auto& [key, seat] : seats_) seat->begin_to_end();
}

json::array McpService::listed() const {
  json::array list;
  for (const McpServer& server : servers_)
    list.push_back(
        json::object{{"name", server.name}, {"command", json::value_from(server.command)}});
  return list;
}

Result<std::size_t> McpService::server_of(const sdk::McpRequest& request) const {
  const auto found = std::find_if(servers_.begin(), servers_.end(), [&](const McpServer& server) {
    return server.command == request.command;
  });
  const bool as_configured = found != servers_.end() && (request.environment.empty() ||
                                                         request.environment == found->environment);
  if (!as_configured)
    return Error{ErrorKind::refused,
                 "only MCP servers that the user's config.toml names may be started, not '" +
                     request.command.front() + "' with these arguments",
                 "name it in tools.mcp.servers"};
  return static_cast<std::size_t>(found - servers_.begin());
}

std::shared_ptr<McpService::Seat> McpService::seat_of(const std::string& home, std::size_t server) {
  std::vector<std::shared_ptr<Seat>> left_behind;  // they end without holding up others
  const std::lock_guard lock(mutex_);
  auto& place = seats_[{home, server}];
  if (place) return place;
  const auto seat = std::make_shared<Seat>(servers_[server], home, side_effects_);
  place = seat;
  std::erase_if(seats_, [&](const auto& entry) {
    std::error_code unknown;
    const bool gone = entry.second != seat && !std::filesystem::exists(entry.first.first, unknown);
    if (gone) left_behind.push_back(entry.second);
    return gone;
  });
  return seat;
}

Result<sdk::McpResult> McpService::serve(const sdk::McpRequest& request, const HomeView& home,
                                         const std::vector<std::string>& allowed,
                                         const std::function<bool()>& cancelled) {
  if (request.home != home.root().string())
    return Error{ErrorKind::refused,
                 "an MCP server works in the home of its call alone, not in '" + request.home + "'",
                 ""};
  const auto server = server_of(request);
  if (!server) return server.error();
  return seat_of(request.home, *server)->serve(request, allowed, cancelled);
}

}  // namespace jarvis
