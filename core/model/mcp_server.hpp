#pragma once

#include <map>
#include <string>
#include <vector>

namespace jarvis {

/** A server of tools that the user's config.toml names: a program that speaks the Model Context
 * Protocol on its standard streams. */
struct McpServer {
  std::string name;                                ///< unique, of the characters of tool names
  std::vector<std::string> command;                ///< the program and its arguments
  std::map<std::string, std::string> environment;  ///< beside what every program gets
  std::vector<std::string> only_tools;             ///< empty: all
  std::vector<std::string> without_tools;
};

}  // namespace jarvis
