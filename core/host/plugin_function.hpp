#pragma once

#include <jarvis/abi/interfaces.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace jarvis {

/** Every function that a plugin can offer, over all interfaces. The numbers are spoken between the
 * host and a plugin's process: they are only ever added to. */
enum class PluginFunction : std::uint8_t {
  edit_validate = 1,
  edit_apply = 2,
  tool_call = 3,
  teacher_generate = 4,
  student_run = 5,
  student_probe = 6,
  judge_score = 7,
};

inline constexpr PluginFunction kPluginFunctions[] = {
    PluginFunction::edit_validate,    PluginFunction::edit_apply,  PluginFunction::tool_call,
    PluginFunction::teacher_generate, PluginFunction::student_run, PluginFunction::student_probe,
    PluginFunction::judge_score};

/** "edit-applier/1" and the like. */
const char* interface_of(PluginFunction function);
/** The function's name inside its interface: "apply". */
std::string_view to_string(PluginFunction function);

/** The function in an interface's table as a plugin gave it, which may be older or newer than this
 * host's. Null where `table` is null, too short or has no such function. */
jarvis_function function_in(const void* table, PluginFunction function);

}  // namespace jarvis
