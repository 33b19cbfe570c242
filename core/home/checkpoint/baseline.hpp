#pragma once

#include <filesystem>

#include "core/home/checkpoint/git_checkpoint.hpp"

namespace jarvis::git {

/** As GitCheckpoint::init(), with errors thrown as Failure. */
InitReport init_repository(const std::filesystem::path& home);

}  // namespace jarvis::git
