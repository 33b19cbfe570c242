#pragma once

#include <jarvis/abi/plugin.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

/** Parts of plugins on the bare ABI: no guard of the SDK stands between a fault and the host. FAULT
 * is the folder's name, which is the plugin's id unless its manifest says otherwise. */
namespace bare {

template <std::size_t N>
constexpr jarvis_str text(const char (&literal)[N]) {
  return {literal, N - 1};
}

inline jarvis_status answer(const jarvis_reply* reply, const std::string& json) {
  reply->result(reply->context, {json.data(), json.size()});
  return JARVIS_OK;
}

inline jarvis_status fail(const jarvis_reply* reply, jarvis_status status,
                          const std::string& message) {
  const jarvis_error error{
      sizeof(error), status, {message.data(), message.size()}, {nullptr, 0}, 0};
  reply->error(reply->context, &error);
  return status;
}

/** An edit-result/1 with a JSON list of files. */
inline jarvis_status changed(const jarvis_reply* reply, const std::string& files) {
  return answer(reply, R"({"schema":"edit-result/1","changed_files":)" + files + "}");
}

/** The `home` of an edit-request/1 whose path needs no escapes. */
inline std::string home_of(jarvis_str request) {
  const std::string_view json(request.ptr, static_cast<std::size_t>(request.len));
  constexpr std::string_view kKey = "\"home\":\"";
  const std::size_t begin = json.find(kKey) + kKey.size();
  return std::string(json.substr(begin, json.find('"', begin) - begin));
}

inline void write(const std::string& file, const std::string& content) {
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

/** The edit that the manifests allow. */
inline void set_note(const std::string& home) {
  write(home + "/config.toml",
        "[agent.a]\nnote = \"new\"\n[engine]\nhost = \"http://127.0.0.1\"\n");
}

inline jarvis_status agree(void*, const jarvis_host*, jarvis_str, const jarvis_reply* reply) {
  return answer(reply, "{}");
}

inline jarvis_status start(const jarvis_host*, const jarvis_reply* reply, void**) {
  return answer(reply, "{}");
}

inline void stop(void*) {}

inline bool is(jarvis_str id, const char* name) {
  return std::string_view(id.ptr, static_cast<std::size_t>(id.len)) == name;
}

template <jarvis_function Validate, jarvis_function Apply>
const void* applier(void*, jarvis_str id) {
  static const jarvis_edit_applier_1 table{sizeof table, 0, Validate, Apply};
  return is(id, JARVIS_EDIT_APPLIER_1) ? &table : nullptr;
}

inline constexpr auto plain_applier = applier<agree, agree>;

/** All five interfaces, each with the one function wherever it has one. */
template <jarvis_function Function>
const void* same_function_everywhere(jarvis_str id) {
  static const jarvis_edit_applier_1 applier_table{sizeof applier_table, 0, Function, Function};
  static const jarvis_diagnostic_tool_1 tool_table{sizeof tool_table, 0, Function};
  static const jarvis_teacher_engine_1 teacher_table{sizeof teacher_table, 0, Function};
  static const jarvis_student_runner_1 student_table{sizeof student_table, 0, Function, Function};
  static const jarvis_judge_1 judge_table{sizeof judge_table, 0, Function};
  if (is(id, JARVIS_EDIT_APPLIER_1)) return &applier_table;
  if (is(id, JARVIS_DIAGNOSTIC_TOOL_1)) return &tool_table;
  if (is(id, JARVIS_TEACHER_ENGINE_1)) return &teacher_table;
  if (is(id, JARVIS_STUDENT_RUNNER_1)) return &student_table;
  if (is(id, JARVIS_JUDGE_1)) return &judge_table;
  return nullptr;
}

constexpr jarvis_plugin entry(const void* (*get_interface)(void*, jarvis_str)) {
  return {sizeof(jarvis_plugin),
          JARVIS_ABI_MAGIC,
          JARVIS_ABI_MAJOR,
          JARVIS_ABI_MINOR,
          text(FAULT),
          text(FAULT),
          text("1.0.0"),
          start,
          stop,
          get_interface};
}

}  // namespace bare

#define BARE_PLUGIN(made)                             \
  extern "C" const jarvis_plugin jarvis_plugin_entry; \
  extern "C" __attribute__((visibility("default"))) const jarvis_plugin jarvis_plugin_entry = made;

#define BARE_APPLIER(validate, apply) BARE_PLUGIN((bare::entry(bare::applier<validate, apply>)))
