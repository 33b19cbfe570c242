#pragma once

#include <filesystem>

#include "core/model/result.hpp"

namespace jarvis {

/** Renames what cannot be used, whatever it is, to `<path>.broken-<UTC time>`, and with a database
 * its -wal and -shm; gives the new name. Nothing is overwritten, nothing is removed. For who may
 * change the home. */
Result<std::filesystem::path> set_aside(const std::filesystem::path& path);

}  // namespace jarvis
