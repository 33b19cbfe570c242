#pragma once

#include <cstddef>
#include <string>

namespace jarvis::chat {

/** The text of the regular file at `path` when its links are resolved, which must lie below `root`
 * (an absolute path without links). Waits for nothing: what is no file of a disk (a pipe, a device,
 * /proc) is refused. Throws JARVIS_INVALID, with `shown` as its name, for one that is not there,
 * lies elsewhere, is larger than `most_bytes` or is no UTF-8 text. */
std::string text_file_below(const std::string& root, const std::string& path,
                            const std::string& shown, std::size_t most_bytes);

/** Whether `path` is `folder` or lies below it; both absolute and without links. */
bool is_below(const std::string& path, const std::string& folder);

/** The path without links, "." and ".."; empty when there is nothing. */
std::string resolved(const std::string& path);

}  // namespace jarvis::chat
