#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <jarvis/sdk/payload/student_services.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/host/isolation/companion.hpp"
#include "core/host/mcp/mcp_messages.hpp"
#include "core/host/process/order.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** A running MCP server. The server and all that it started end with the object; it ends with this
 * program, too, however suddenly that ends. Used by one thread at a time.
 *
 *  Errors of all functions: `invalid` is what the server says of a request, `cancelled` that nobody
 * waits; after these it goes on. After any other (`unavailable`: it ended, did not answer in time,
 * sent what is no message, or too much) it is of no use any more. */
class McpConnection {
 public:
  using Clock = FrameChannel::Clock;
  using Cancelled = std::function<bool()>;

  /** Starts the server and greets it. `name` stands in messages. */
  static Result<std::unique_ptr<McpConnection>> start(const std::string& name,
                                                      const ProcessOrder& order,
                                                      const Cancelled& cancelled);
  ~McpConnection();
  McpConnection(const McpConnection&) = delete;
  McpConnection& operator=(const McpConnection&) = delete;

  /** All pages. */
  Result<std::vector<sdk::McpTool>> list_tools(const Cancelled& cancelled);
  Result<sdk::McpResult> call_tool(const std::string& tool, const json::object& arguments,
                                   std::chrono::milliseconds patience, const Cancelled& cancelled);

  /** Whether it ended by itself. */
  bool has_ended() const { return companion_.process.has_ended(); }
  /** Tells it to end; the destructor waits for that. */
  void begin_to_end();

 private:
  McpConnection(std::string name, Companion companion)
      : name_(std::move(name)), companion_(std::move(companion)) {}

  Result<void> begin(const ProcessOrder& order, const Cancelled& cancelled);
  Result<json::object> request(std::string_view method, const json::object& params,
                               std::chrono::milliseconds patience, const Cancelled& cancelled);
  Result<json::object> await(std::int64_t id, std::string_view method, Clock::time_point until,
                             const Cancelled& cancelled);
  /** The reply, when the line is the one to `id`. */
  Result<std::optional<McpMessage>> take_line(std::string_view line, std::int64_t id,
                                              Clock::time_point until);
  /** The next whole line that came; nothing yet. */
  std::optional<std::string> next_line();
  /** Takes in what comes before `until`. */
  Result<void> hear(Clock::time_point until);
  Result<void> say(const std::string& line, Clock::time_point until);
  Error fault(const std::string& what, const std::string& hint = {}) const;

  const std::string name_;
  Companion companion_;
  std::string heard_;         ///< of its output, what makes no whole line yet or was not taken
  std::size_t searched_ = 0;  ///< of `heard_`, without a line's end
  std::string last_words_;    ///< the newest line of its standard error
  std::int64_t last_id_ = 0;
  bool offers_tools_ = false;
};

}  // namespace jarvis
