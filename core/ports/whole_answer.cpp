#include "core/ports/whole_answer.hpp"

namespace jarvis {

namespace {

constexpr const char* kContinue =
    "Your answer was cut off for its length. Go on exactly where it stopped, without repeating "
    "anything.";

void add(sdk::Usage& sum, const sdk::Usage& more) {
  sum.input_tokens += more.input_tokens;
  sum.output_tokens += more.output_tokens;
  sum.cache_read_tokens += more.cache_read_tokens;
  sum.cache_write_tokens += more.cache_write_tokens;
  if (more.reported_cost_usd)
    sum.reported_cost_usd = sum.reported_cost_usd.value_or(0) + *more.reported_cost_usd;
}

}  // namespace

Result<sdk::GenerateResult> whole_answer(Teacher& teacher, Purpose purpose,
                                         const sdk::GenerateRequest& request) {
  auto first = teacher.generate(purpose, request);
  if (!first || first->stop_reason != "max_tokens" || !first->message.tool_calls.empty() ||
      first->message.text.empty())
    return first;
  sdk::GenerateRequest more = request;
  more.may_call_tools = false;
  more.messages.push_back(first->message);
  more.messages.push_back({"user", kContinue, {}, {}, {}});
  auto rest = teacher.generate(purpose, more);
  // Without the money for it the beginning is still better than nothing.
  if (!rest && rest.error().kind == ErrorKind::budget) return first;
  if (!rest) return rest;
  add(first->usage, rest->usage);
  first->message.text += rest->message.text;
  // What the engine wants back belongs to one of the two turns, and the turn is now another one.
  first->message.engine_data = {};
  first->stop_reason = rest->stop_reason;
  return first;
}

}  // namespace jarvis
