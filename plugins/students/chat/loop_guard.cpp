#include "plugins/students/chat/loop_guard.hpp"

namespace jarvis::chat {

namespace {

constexpr int kMostIdentical = 3;
constexpr std::size_t kWindow = 6;

}  // namespace

std::string LoopGuard::objection_to(const sdk::ToolCall& call) {
  const std::string key = call.name + " " + boost::json::serialize(call.arguments);
  latest_.push_back(key);
  if (latest_.size() > kWindow) latest_.pop_front();
  if (++counts_[key] > kMostIdentical)
    return "not run: the same call was made " + std::to_string(kMostIdentical) +
           " times before. Answer with what is known.";
  if (takes_turns()) return "not run: the same two calls take turns. Answer with what is known.";
  return {};
}

bool LoopGuard::takes_turns() const {
  if (latest_.size() < kWindow || latest_[0] == latest_[1]) return false;
  for (std::size_t i = 2; i < kWindow; ++i)
    if (latest_[i] != latest_[i - 2]) return false;
  return true;
}

}  // namespace jarvis::chat
