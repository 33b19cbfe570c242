#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** The bytes of a regular file. not_found when there is none; io for anything else that is in the
 * way; refused when it is larger than `limit` bytes. Follows links. */
Result<std::string> read_file(const std::filesystem::path& path,
                              std::size_t limit = std::size_t{256} << 20);

/** Replaces `path` by `text` so that a reader, also after a power cut, sees the old bytes or the
 * new ones: written beside, fsync, rename, fsync of the directory. */
Result<void> write_file_atomically(const std::filesystem::path& path, const std::string& text,
                                   mode_t mode = 0600);

/** Appends `line` and a newline with one write and an fsync. */
Result<void> append_line_durably(const std::filesystem::path& path, const std::string& line);

/** Makes the directory and its missing parents, each 0700. */
Result<void> make_private_directory(const std::filesystem::path& path);

}  // namespace jarvis
