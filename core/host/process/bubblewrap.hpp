#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace jarvis {

/** The command's words in a sandbox of bubblewrap: everything is read-only but `home`, in which the
 * tracked files are; /tmp and /run are its own; it sees its own processes alone, and no network
 * unless `network`. `words` begin with the program's absolute path. */
std::vector<std::string> in_bubblewrap(const std::filesystem::path& bubblewrap,
                                       const std::vector<std::string>& words,
                                       const std::filesystem::path& home, bool network);

}  // namespace jarvis
