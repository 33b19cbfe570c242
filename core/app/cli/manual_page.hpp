#pragma once

#include <string>
#include <vector>

#include "core/app/cli/command.hpp"

namespace jarvis {

// Man pages (roff, section 1), written from the command table.

/** "jarvis-learning-run" for "learning run", "jarvis" for the program itself. */
std::string page_name(const std::string& path);

/** The page of the program itself (""), of a group, or of a command. */
std::string manual_page(const std::string& path);

/** Every path that has a page: the program itself, the groups and the commands. */
std::vector<std::string> manual_paths();

}  // namespace jarvis
