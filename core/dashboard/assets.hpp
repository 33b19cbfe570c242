#pragma once

#include <string_view>

namespace jarvis::dashboard {

/** The text of a file of assets/ ("style.css") as it was when the program was built; empty when
 * there is none of that name. Lives as long as the program. */
std::string_view asset(std::string_view name);

}  // namespace jarvis::dashboard
