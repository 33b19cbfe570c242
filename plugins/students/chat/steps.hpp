#pragma once

#include <chrono>
#include <jarvis/sdk/payload/student.hpp>
#include <vector>

namespace jarvis::chat {

namespace json = boost::json;

/** Writes down what a conversation does, in the shape in which traces hold it. */
class Steps {
 public:
  /** Seconds since the conversation began. */
  double now() const;

  /** A request that held these messages for the first time, and its answer. */
  void add_generation(double started, const sdk::GenerateRequest& request,
                      std::size_t first_new_message, const sdk::GenerateResult& result);
  void add_call(double started, const sdk::ToolCall& call, const sdk::ToolResult& result);

  std::vector<sdk::StudentStep> take() { return std::move(steps_); }

 private:
  void add(const char* type, double started, json::object input, json::object output);

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::vector<sdk::StudentStep> steps_;
};

}  // namespace jarvis::chat
