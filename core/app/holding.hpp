#pragma once

#include <string>

#include "core/app/application.hpp"
#include "core/home/lock.hpp"

namespace jarvis {

/** The right to change the home, for `command`. What a sudden end of this program left half done is
 * settled first, and told as progress: files and commits agree from here on, and settings that are
 * older than config.toml are forgotten, so none may be in use. locked when another command holds the
 * home. */
Result<HomeLock> hold_home(Application& application, const std::string& command);

}  // namespace jarvis
