#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

/** The program that the first word of a configured command means, as an absolute path: one of its
 * own ("~/" is the user's home) or a bare name, looked for in PATH. Links are kept: a program may
 * look at its own path. configuration, with the cause and `whose` in front, for one that is not
 * there, is no program, or would start this program again. */
Result<std::filesystem::path> configured_program(
    const std::string& word, const std::string& whose = "the student's command");

/** Refuses words that are not `configured` with its placeholders ({query}, {agent}, {model},
 * {home}) filled in: a runner may start what the user wrote and nothing else. */
Result<void> require_configured(const std::vector<std::string>& words,
                                const std::vector<std::string>& configured);

}  // namespace jarvis
