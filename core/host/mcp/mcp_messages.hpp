#pragma once

#include <cstdint>
#include <jarvis/sdk/payload/student_services.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

// What is said in the Model Context Protocol (JSON-RPC 2.0), one message a line. Pure.

/** The version of the protocol that is asked for. */
inline constexpr const char* kMcpVersion = "2025-06-18";

std::string mcp_request_line(std::int64_t id, std::string_view method, const json::object& params);
std::string mcp_notification_line(std::string_view method, const json::object& params);

/** What the host says of itself when it begins. */
json::object mcp_greeting();

/** One line of a server, understood. */
struct McpMessage {
  enum class Kind { reply, request, notification };
  Kind kind = Kind::notification;
  std::int64_t id = -1;  ///< of a reply; -1: none that could be ours
  /** Of a reply: its result, or what the server says is wrong (invalid). */
  Result<json::object> result = json::object();
  std::string answer;  ///< the line that a request of the server gets
};

/** invalid, with the beginning of the line, for one that is no message. */
Result<McpMessage> read_mcp_message(std::string_view line);

/** One page of tools/list, and where the next one begins. */
struct McpPage {
  std::vector<sdk::McpTool> tools;
  std::optional<std::string> next;
};

/** invalid for what is no page. `is_read_only` is what the server says. */
Result<McpPage> read_mcp_page(const json::object& result);

/** The text of a tools/call's result; parts that are no text are named. invalid for no result. */
Result<sdk::McpResult> read_mcp_content(const json::object& result);

}  // namespace jarvis
