#pragma once

#include <string>

#include "core/ports/checkpoint.hpp"

namespace jarvis {

/** "checked in your changes to config.toml (commit 1234abcd)", in valid UTF-8. */
std::string notice_of(const CheckedIn& done);

}  // namespace jarvis
