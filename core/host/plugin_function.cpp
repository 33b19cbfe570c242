#include "core/host/plugin_function.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace jarvis {

namespace {

struct Place {
  const char* interface;
  std::string_view name;
  std::size_t offset;
};

Place place_of(PluginFunction function) {
  switch (function) {
    case PluginFunction::edit_validate:
      return {JARVIS_EDIT_APPLIER_1, "validate", offsetof(jarvis_edit_applier_1, validate)};
    case PluginFunction::edit_apply:
      return {JARVIS_EDIT_APPLIER_1, "apply", offsetof(jarvis_edit_applier_1, apply)};
    case PluginFunction::tool_call:
      return {JARVIS_DIAGNOSTIC_TOOL_1, "call", offsetof(jarvis_diagnostic_tool_1, call)};
    case PluginFunction::teacher_generate:
      return {JARVIS_TEACHER_ENGINE_1, "generate", offsetof(jarvis_teacher_engine_1, generate)};
    case PluginFunction::student_run:
      return {JARVIS_STUDENT_RUNNER_1, "run", offsetof(jarvis_student_runner_1, run)};
    case PluginFunction::student_probe:
      return {JARVIS_STUDENT_RUNNER_1, "probe", offsetof(jarvis_student_runner_1, probe)};
    case PluginFunction::judge_score:
      return {JARVIS_JUDGE_1, "score", offsetof(jarvis_judge_1, score)};
  }
  return {"", "", 0};
}

}  // namespace

const char* interface_of(PluginFunction function) {
  return place_of(function).interface;
}

std::string_view to_string(PluginFunction function) {
  return place_of(function).name;
}

jarvis_function function_in(const void* table, PluginFunction function) {
  const Place place = place_of(function);
  std::uint32_t size = 0;
  if (!table || place.offset == 0) return nullptr;
  std::memcpy(&size, table, sizeof size);
  if (size < place.offset + sizeof(jarvis_function)) return nullptr;
  jarvis_function found = nullptr;
  std::memcpy(&found, static_cast<const char*>(table) + place.offset, sizeof found);
  return found;
}

}  // namespace jarvis
