#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace jarvis {

/** Sends the log to stderr (warnings; with verbosity 1 information, with 2 everything) and, where
 * `folder` is not empty, to `<folder>/<name>` as well, which is private and rotated. A person at a
 * terminal is spared the times. */
void start_log(int verbosity, const std::filesystem::path& folder = {},
               const std::string& name = "jarvis.log");

/** Called before a line of the log goes to a terminal: what is written over there makes room. Set
 * while no other thread logs. */
void before_logging(std::function<void()> make_room);

}  // namespace jarvis
