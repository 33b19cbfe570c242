#pragma once

#include <functional>
#include <string>
#include <vector>

namespace jarvis::command {

/** What stands for the placeholders of a command. */
struct Values {
  std::string query, agent, model, home;
};

/** Whether a word holds `{name}`. */
bool holds(const std::vector<std::string>& command, const std::string& name);

/** The command with {query}, {agent}, {model} and {home} replaced in every word but the first. Each
 * is replaced as text, once: what a value holds is left alone. */
std::vector<std::string> filled_in(std::vector<std::string> command, const Values& values);

}  // namespace jarvis::command
