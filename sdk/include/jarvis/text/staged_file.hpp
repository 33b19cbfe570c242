#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace jarvis::text {

/** The text of `relative` ("agents/simple/system_prompt.md") below a staged home; nothing when
 * there is no such file. No symbolic link is followed below the home. Throws JARVIS_REFUSED for a
 * link (its target is named), for anything but a regular file and for more than 16 MiB;
 * JARVIS_INVALID for a path that leaves the home; JARVIS_UNAVAILABLE when the system fails. */
std::optional<std::string> read_staged_file(const std::string& home, const std::string& relative);

/** Replaces or makes `relative` below a staged home with `text`, of any size, with its missing
 * folders (0700). A file that is there keeps its permissions, a new one gets 0600. Written beside
 * and renamed, so that a link, also a hard one, never carries the write elsewhere. Throws as
 * read_staged_file does; then the file is as it was. Not for two threads and one file. */
void write_staged_file(const std::string& home, const std::string& relative,
                       const std::string& text);

}  // namespace jarvis::text
