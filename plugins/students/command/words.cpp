#include "plugins/students/command/words.hpp"

#include <algorithm>
#include <utility>

namespace jarvis::command {

namespace {

std::string filled_in(const std::string& word, const Values& values) {
  const std::pair<std::string, const std::string*> placeholders[] = {{"{query}", &values.query},
                                                                     {"{agent}", &values.agent},
                                                                     {"{model}", &values.model},
                                                                     {"{home}", &values.home}};
  std::string text;
  for (std::size_t at = 0; at < word.size();) {
    const auto found = std::find_if(
        std::begin(placeholders), std::end(placeholders), [&](const auto& placeholder) {
          return word.compare(at, placeholder.first.size(), placeholder.first) == 0;
        });
    if (found == std::end(placeholders)) {
      text += word[at++];
    } else {
      text += *found->second;
      at += found->first.size();
    }
  }
  return text;
}

}  // namespace

bool holds(const std::vector<std::string>& command, const std::string& name) {
  return std::any_of(command.begin(), command.end(), [&](const std::string& word) {
    return word.find("{" + name + "}") != std::string::npos;
  });
}

std::vector<std::string> filled_in(std::vector<std::string> command, const Values& values) {
  for (std::size_t i = 1; i < command.size(); ++i) command[i] = filled_in(command[i], values);
  return command;
}

}  // namespace jarvis::command
