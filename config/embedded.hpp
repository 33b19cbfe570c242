#pragma once

#include <string_view>

namespace jarvis {

/** The text of a file of this folder ("ops.toml", "prompts/diagnose.md") as it was when the program
 * was built; empty when there is none of that name. Lives as long as the program. */
std::string_view embedded_file(std::string_view name);

}  // namespace jarvis
