#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

/** Whether the bytes begin as those of a program for this machine do: class, byte order, processor.
 */
bool is_for_this_machine(std::string_view bytes);

/** The names that a shared object for this machine exports: all that its dynamic symbol table
 * defines, as `nm -D --defined-only` lists them. invalid when the file cannot be understood. */
Result<std::vector<std::string>> exported_symbols(std::string_view bytes);

}  // namespace jarvis
