#include "core/host/mcp/mcp_connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <set>

#include "core/base/json_text.hpp"
#include "core/host/plugin.hpp"

namespace jarvis {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookAround{50};   // how soon a wish to stop is seen
constexpr milliseconds kStarting{60000};  // some are fetched from the network first
constexpr milliseconds kListing{30000};
constexpr milliseconds kDyingTime{15000};  // its companion needs less
constexpr std::size_t kLongestLine = std::size_t{4} * 1024 * 1024;
constexpr std::size_t kMostTools = 1000;
constexpr std::size_t kShownOfLastWords = 300;

std::string seconds_text(milliseconds patience) {
  return std::to_string((patience.count() + 999) / 1000) + " s";
}

}  // namespace

Result<std::unique_ptr<McpConnection>> McpConnection::start(const std::string& name,
                                                            const ProcessOrder& order,
                                                            const Cancelled& cancelled) {
  auto companion = start_companion();
  if (!companion) return companion.error();
  std::unique_ptr<McpConnection> connection(new McpConnection(name, std::move(*companion)));
  if (auto begun = connection->begin(order, cancelled); !begun) return begun.error();
  return connection;
}

McpConnection::~McpConnection() {
  begin_to_end();
  companion_.process.end(kDyingTime);
}

void McpConnection::begin_to_end() {
  ::shutdown(companion_.channel.descriptor(), SHUT_RDWR);
}

Error McpConnection::fault(const std::string& what, const std::string& hint) const {
  return {ErrorKind::unavailable, "the MCP server '" + name_ + "' " + what, hint};
}

Result<void> McpConnection::begin(const ProcessOrder& order, const Cancelled& cancelled) {
  const auto until = Clock::now() + kStarting;
  if (!companion_.channel.send(FrameKind::attend, json::serialize(to_json(order)), until))
    return fault("could not be started");
  auto greeted = request("initialize", mcp_greeting(), kStarting, cancelled);
  if (!greeted) {
    Error error = greeted.error();
    // One that does not want to begin is of no use.
    if (error.kind == ErrorKind::invalid) error.kind = ErrorKind::unavailable;
    return error;
  }
  if (sdk::optional_string(*greeted, "protocolVersion").empty())
    return fault("answered initialize without 'protocolVersion'", "is it an MCP server?");
  offers_tools_ = sdk::optional_object(*greeted, "capabilities").contains("tools");
  return say(mcp_notification_line("notifications/initialized", {}), until);
}

Result<std::vector<sdk::McpTool>> McpConnection::list_tools(const Cancelled& cancelled) {
  std::vector<sdk::McpTool> tools;
  if (!offers_tools_) return tools;
  json::object params;
  std::set<std::string> seen;
  for (;;) {
    const auto result = request("tools/list", params, kListing, cancelled);
    if (!result) return result.error();
    auto page = read_mcp_page(*result);
    if (!page) return fault(page.error().message);
    std::move(page->tools.begin(), page->tools.end(), std::back_inserter(tools));
    if (!page->next) return tools;
    if (tools.size() > kMostTools || !seen.insert(*page->next).second)
      return fault("gives a list of tools without end");
    params = {{"cursor", *page->next}};
  }
}

Result<sdk::McpResult> McpConnection::call_tool(const std::string& tool,
                                                const json::object& arguments,
                                                milliseconds patience, const Cancelled& cancelled) {
  const auto result =
      request("tools/call", {{"name", tool}, {"arguments", arguments}}, patience, cancelled);
  if (!result) return result.error();
  auto content = read_mcp_content(*result);
  if (!content) return fault(content.error().message);
  return content;
}

Result<json::object> McpConnection::request(std::string_view method, const json::object& params,
                                            milliseconds patience, const Cancelled& cancelled) {
  const auto until = Clock::now() + patience;
  const std::int64_t id = ++last_id_;
  if (auto said = say(mcp_request_line(id, method, params), until); !said) return said.error();
  auto result = await(id, method, until, cancelled);
  if (result) return result;
  Error error = result.error();
  if (error.kind == ErrorKind::cancelled)
    (void)say(mcp_notification_line("notifications/cancelled", {{"requestId", id}}), until);
  if (error.kind == ErrorKind::retryable)
    return fault("did not answer " + std::string(method) + " within " + seconds_text(patience));
  return error;
}

Result<json::object> McpConnection::await(std::int64_t id, std::string_view method,
                                          Clock::time_point until, const Cancelled& cancelled) {
  for (;;) {
    while (auto line = next_line()) {
      auto reply = take_line(*line, id, until);
      if (!reply) return reply.error();
      if (!*reply) continue;
      if ((*reply)->result) return std::move((*reply)->result);
      Error error = (*reply)->result.error();
      error.message = "the MCP server '" + name_ + "' " + error.message;
      return error;
    }
    if (heard_.size() > kLongestLine)
      return fault("sent a message of more than " + std::to_string(kLongestLine >> 20) + " MiB");
    if (cancelled && cancelled())
      return Error{ErrorKind::cancelled, "stopped while an MCP server worked", ""};
    if (Clock::now() >= until) return Error{ErrorKind::retryable, std::string(method), ""};
    if (auto heard = hear(std::min(until, Clock::now() + kLookAround)); !heard)
      return heard.error();
  }
}

std::optional<std::string> McpConnection::next_line() {
  const std::size_t end = heard_.find('\n', searched_);
  if (end == std::string::npos) {
    searched_ = heard_.size();
    return std::nullopt;
  }
  std::string line = heard_.substr(0, end);
  heard_.erase(0, end + 1);
  searched_ = 0;
  return line;
}

Result<std::optional<McpMessage>> McpConnection::take_line(std::string_view line, std::int64_t id,
                                                           Clock::time_point until) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return std::optional<McpMessage>();
  auto message = read_mcp_message(line);
  if (!message) return fault(message.error().message, message.error().hint);
  if (message->kind == McpMessage::Kind::request) {
    if (auto said = say(message->answer, until); !said) return said.error();
  } else if (message->kind == McpMessage::Kind::reply && message->id == id) {
    return std::optional(std::move(*message));
  }
  return std::optional<McpMessage>();
}

Result<void> McpConnection::hear(Clock::time_point until) {
  auto frame = companion_.channel.receive(until);
  if (!frame) return fault("is gone");
  if (!*frame) return {};
  switch ((*frame)->kind) {
    case FrameKind::output:
      heard_ += (*frame)->body;
      return {};
    case FrameKind::log:
      if ((*frame)->body.empty()) return {};
      last_words_ = (*frame)->body.substr(1);
      log_of_plugin("mcp " + name_, (*frame)->body[0], last_words_);
      return {};
    case FrameKind::failure: {
      const Error error = failure_from((*frame)->body);
      return fault(
          error.message + (last_words_.empty()
                               ? ""
                               : "; its last words: " + shortened(last_words_, kShownOfLastWords)),
          error.hint);
    }
    default:  // it was started
      return {};
  }
}

Result<void> McpConnection::say(const std::string& line, Clock::time_point until) {
  if (companion_.channel.send(FrameKind::input, line, until)) return {};
  // Its last words say more.
  while (!has_ended() && Clock::now() < until)
    if (auto heard = hear(std::min(until, Clock::now() + kLookAround)); !heard)
      return heard.error();
  return fault("does not listen");
}

}  // namespace jarvis
