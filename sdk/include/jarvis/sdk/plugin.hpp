#pragma once

#include <jarvis/abi/plugin.h>

#include <jarvis/sdk/guard.hpp>
#include <jarvis/sdk/payload/edit.hpp>
#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/sdk/payload/http.hpp>
#include <jarvis/sdk/payload/judge.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/sdk/payload/tool.hpp>
#include <type_traits>

namespace jarvis::sdk {

/** Makes one kind of edit in a staged copy of the home. Called from one thread at a time. */
class EditApplier {
 public:
  virtual ~EditApplier() = default;
  /** Throws Failure for what apply would refuse. Writes nothing. */
  virtual void validate(const EditRequest& request, const Host& host) = 0;
  /** Changes files below request.home and names each one; throws Failure and leaves the rest to the
   *  host, which drops the copy. */
  virtual EditResult apply(const EditRequest& request, const Host& host) = 0;
};

/** Answers one of the teacher's questions. Called from many threads at once. */
class DiagnosticTool {
 public:
  virtual ~DiagnosticTool() = default;
  virtual json::object call(const ToolRequest& request, const Host& host) = 0;
};

/** Speaks one provider's protocol. Called from many threads at once. */
class TeacherEngine {
 public:
  virtual ~TeacherEngine() = default;
  virtual GenerateResult generate(const GenerateRequest& request, const Host& host) = 0;
};

/** Runs the student on one query. Called from many threads at once. */
class StudentRunner {
 public:
  virtual ~StudentRunner() = default;
  virtual StudentResult run(const StudentRequest& request, const Host& host) = 0;
  /** Throws Failure(JARVIS_UNAVAILABLE) when the student cannot be reached. */
  virtual ProbeResult probe(const ProbeRequest& request, const Host& host) = 0;
};

/** Scores an answer against gold. Called from many threads at once. */
class Judge {
 public:
  virtual ~Judge() = default;
  virtual JudgeResult score(const JudgeRequest& request, const Host& host) = 0;
};

namespace detail {

/** A trampoline: finds the part of the plugin, parses the request, answers within the guard. */
template <class Plugin, class Part, class Call>
jarvis_status dispatch(void* self, const jarvis_host* host, jarvis_str text,
                       const jarvis_reply* reply, Call call) noexcept {
  return guard(reply, [&] {
    Part& part = *static_cast<Plugin*>(self);
    return call(part, parse_object(view(text), "request"), Host(host));
  });
}

template <class Plugin>
const void* interface_of(std::string_view id) {
  using Object = json::object;
  if constexpr (std::is_base_of_v<EditApplier, Plugin>) {
    static const jarvis_edit_applier_1 table{
        sizeof(table), 0,
        [](void* self, const jarvis_host* host, jarvis_str text,
           const jarvis_reply* reply) noexcept {
          return dispatch<Plugin, EditApplier>(
              self, host, text, reply, [](EditApplier& part, const Object& object, const Host& h) {
                part.validate(edit_request(object), h);
                return Object{{"schema", "edit-check/1"}};
              });
        },
        [](void* self, const jarvis_host* host, jarvis_str text,
           const jarvis_reply* reply) noexcept {
          return dispatch<Plugin, EditApplier>(
              self, host, text, reply, [](EditApplier& part, const Object& object, const Host& h) {
                return to_json(part.apply(edit_request(object), h));
              });
        }};
    if (id == JARVIS_EDIT_APPLIER_1) return &table;
  }
  if constexpr (std::is_base_of_v<DiagnosticTool, Plugin>) {
    static const jarvis_diagnostic_tool_1 table{
        sizeof(table), 0,
        [](void* self, const jarvis_host* host, jarvis_str text,
           const jarvis_reply* reply) noexcept {
          return dispatch<Plugin, DiagnosticTool>(
              self, host, text, reply,
              [](DiagnosticTool& part, const Object& object, const Host& h) {
                return part.call(tool_request(object), h);
              });
        }};
    if (id == JARVIS_DIAGNOSTIC_TOOL_1) return &table;
  }
  if constexpr (std::is_base_of_v<TeacherEngine, Plugin>) {
    static const jarvis_teacher_engine_1 table{
        sizeof(table), 0,
        [](void* self, const jarvis_host* host, jarvis_str text,
           const jarvis_reply* reply) noexcept {
          return dispatch<Plugin, TeacherEngine>(
              self, host, text, reply,
              [](TeacherEngine& part, const Object& object, const Host& h) {
                return to_json(part.generate(generate_request(object), h));
              });
        }};
    if (id == JARVIS_TEACHER_ENGINE_1) return &table;
  }
  if constexpr (std::is_base_of_v<StudentRunner, Plugin>) {
    static const jarvis_student_runner_1 table{
        sizeof(table), 0,
        [](void* self, const jarvis_host* host, jarvis_str text,
           const jarvis_reply* reply) noexcept {
          return dispatch<Plugin, StudentRunner>(
              self, host, text, reply,
              [](StudentRunner& part, const Object& object, const Host& h) {
                return to_json(part.run(student_request(object), h));
              });
        },
        [](void* self, const jarvis_host* host, jarvis_str text,
           const jarvis_reply* reply) noexcept {
          return dispatch<Plugin, StudentRunner>(
              self, host, text, reply,
              [](StudentRunner& part, const Object& object, const Host& h) {
                return to_json(part.probe(probe_request(object), h));
              });
        }};
    if (id == JARVIS_STUDENT_RUNNER_1) return &table;
  }
  if constexpr (std::is_base_of_v<Judge, Plugin>) {
    static const jarvis_judge_1 table{sizeof(table), 0,
                                      [](void* self, const jarvis_host* host, jarvis_str text,
                                         const jarvis_reply* reply) noexcept {
                                        return dispatch<Plugin, Judge>(
                                            self, host, text, reply,
                                            [](Judge& part, const Object& object, const Host& h) {
                                              return to_json(part.score(judge_request(object), h));
                                            });
                                      }};
    if (id == JARVIS_JUDGE_1) return &table;
  }
  return nullptr;
}

template <class Plugin>
jarvis_status init(const jarvis_host*, const jarvis_reply* reply, void** self) noexcept {
  return guard(reply, [&] {
    *self = new Plugin();
    return json::object{};
  });
}

template <class Plugin>
void deinit(void* self) noexcept {
  delete static_cast<Plugin*>(self);
}

template <class Plugin>
const void* get_interface(void*, jarvis_str id) noexcept {
  return interface_of<Plugin>(view(id));
}

template <std::size_t N>
constexpr jarvis_str literal(const char (&text)[N]) {
  return {text, N - 1};
}

}  // namespace detail
}  // namespace jarvis::sdk

/** Exports `Class` as the plugin of this shared object. `Class` derives from one or more of
 * EditApplier, DiagnosticTool, TeacherEngine, StudentRunner and Judge and has a default
 * constructor. Use it once, outside any namespace; id and version must agree with plugin.toml. */
#define JARVIS_PLUGIN(Class, Id, Version)                                           \
  extern "C" const jarvis_plugin jarvis_plugin_entry;                               \
  extern "C" __attribute__((visibility("default")))                                 \
  const jarvis_plugin jarvis_plugin_entry = {sizeof(jarvis_plugin),                 \
                                             JARVIS_ABI_MAGIC,                      \
                                             JARVIS_ABI_MAJOR,                      \
                                             JARVIS_ABI_MINOR,                      \
                                             jarvis::sdk::detail::literal(Id),      \
                                             jarvis::sdk::detail::literal(Id),      \
                                             jarvis::sdk::detail::literal(Version), \
                                             &jarvis::sdk::detail::init<Class>,     \
                                             &jarvis::sdk::detail::deinit<Class>,   \
                                             &jarvis::sdk::detail::get_interface<Class>};
