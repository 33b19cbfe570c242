#pragma once

#include <functional>
#include <jarvis/sdk/payload/generate.hpp>
#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

/** Answers a service request of a diagnostic tool: (service, request) → answer. Called from many
 *  threads at once. */
using ServiceTable =
    std::function<Result<sdk::json::object>(const std::string&, const sdk::json::object&)>;

/** The diagnostic tools that the teacher may call. Safe to call from many threads. */
class Toolbox {
 public:
  virtual ~Toolbox() = default;
  virtual std::vector<sdk::ToolDefinition> tools() const = 0;
  /** Every tool reaches what it reads through `services` alone. */
  virtual Result<sdk::json::object> call(const sdk::ToolCall& call,
                                         const ServiceTable& services) = 0;
};

}  // namespace jarvis
