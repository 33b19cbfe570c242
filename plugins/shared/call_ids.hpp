#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <map>
#include <set>
#include <string>

namespace jarvis::shared {

/** Ids for the calls of one answer. What the server left out or gave twice, also in an earlier
 * turn, is made up: "call_" and how many calls came before it in the conversation. */
class CallIds {
 public:
  explicit CallIds(const sdk::GenerateRequest& request) {
    for (const sdk::Message& earlier : request.messages)
      for (const sdk::ToolCall& call : earlier.tool_calls) {
        taken_.insert(call.id);
        ++count_;
      }
  }

  std::string next(std::string id) {
    for (std::size_t number = count_++; id.empty() || taken_.count(id) != 0; ++number)
      id = "call_" + std::to_string(number);
    taken_.insert(id);
    return id;
  }

 private:
  std::size_t count_ = 0;
  std::set<std::string> taken_;
};

/** The names of the calls so far, by their ids: some protocols answer a call by its name. */
inline std::map<std::string, std::string> call_names(const sdk::GenerateRequest& request) {
  std::map<std::string, std::string> names;
  for (const sdk::Message& message : request.messages)
    for (const sdk::ToolCall& call : message.tool_calls) names[call.id] = call.name;
  return names;
}

}  // namespace jarvis::shared
