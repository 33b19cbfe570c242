#pragma once

#include <string>
#include <vector>

#include "core/home/traces/trace_row.hpp"

namespace jarvis {

/** The steps for the calls of tools in messages of the OpenAI form from `begin` to before `end`,
 * each with the result that a later message gives. */
std::vector<StepRow> tool_steps(const json::array& messages, std::size_t begin, std::size_t end);

struct CalledTool {
  std::string name;
  json::value arguments;
  std::string result;
  bool success = true;
};
/** A step "tool_call", as OpenJarvis lays it out. */
StepRow tool_step(const CalledTool& call);

struct GivenAnswer {
  std::string model, content, finish_reason;
  std::int64_t prompt_tokens = 0, completion_tokens = 0;
};
/** A step "generate", as OpenJarvis lays it out. */
StepRow answer_step(const GivenAnswer& answer);

}  // namespace jarvis
