#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

/** The tool by which the teacher reads on in a long result. */
sdk::ToolDefinition read_more_tool();

/** The messages of a conversation, kept within the model's window. Every tool result is remembered
 * whole; the teacher sees its beginning and can read on. When the window fills up, the oldest
 * results are replaced by a line that says how to see them again; scores stay longest. `read_more`
 * may be called from many threads while nothing is added. */
class Transcript {
 public:
  /** `window_tokens` is what the model can take in one request, its answer included. */
  Transcript(sdk::GenerateRequest first, std::int64_t window_tokens);

  void add(sdk::Message message) { request_.messages.push_back(std::move(message)); }
  /** The results of these calls, in their order, as one message. */
  void add_results(const std::vector<sdk::ToolCall>& calls, std::vector<sdk::ToolResult> results);
  /** Answers a call of the tool. invalid: no such result, or an offset that is not in it. */
  Result<std::string> read_more(const sdk::json::object& arguments) const;

  /** The next request, shortened to fit. */
  const sdk::GenerateRequest& request(bool may_call_tools);

 private:
  struct Kept {
    std::string name;  ///< "result-7"
    std::string tool;
    std::string text;
    std::size_t message;
    std::size_t place;  ///< among the message's results
    bool left_out = false;
  };

  bool fits() const;
  bool leave_out_oldest(bool scores_too);

  sdk::GenerateRequest request_;
  std::int64_t window_tokens_;
  std::vector<Kept> results_;
};

}  // namespace jarvis
