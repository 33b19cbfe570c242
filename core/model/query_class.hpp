#pragma once

#include <string_view>

namespace jarvis {

/** The class of a query: "code", "math", "short" (under 50 characters), "long" (over 500) or
 * "general"; the first that matches wins. The router, the benchmark and the reports all use this
 * function, so that an edit for a class touches just the tasks that are counted under it. */
std::string_view classify(std::string_view query);

}  // namespace jarvis
