#pragma once

#include <deque>
#include <jarvis/sdk/payload/generate.hpp>
#include <map>
#include <string>

namespace jarvis::chat {

/** Notices a model that goes round in circles with its tools. */
class LoopGuard {
 public:
  /** Counts the call. Says, to the model, why it is not to be run; empty: run it. Too many are
   * more than three that are the same, and two that take turns for six calls. */
  std::string objection_to(const sdk::ToolCall& call);

 private:
  bool takes_turns() const;

  std::map<std::string, int> counts_;
  std::deque<std::string> latest_;
};

}  // namespace jarvis::chat
