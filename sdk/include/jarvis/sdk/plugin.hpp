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

// What a plugin implements. One object of the plugin's class is made when the library is loaded and
// destroyed when the host is done with it; a host may run several processes with an object each, so
// that nothing in it is shared between all calls. Requests and hosts are borrowed for the call.
//
// What a function throws: Failure with the status that says what the host is to do (invalid,
// refused, retryable, unavailable, or Failure(JARVIS_CANCELLED, …) after host.cancelled()).
// Anything else becomes JARVIS_INTERNAL: a fault of the plugin, with what() as its message.

/** edit-applier/1: makes one kind of edit, or several, in a staged copy of the home. Called from
 * one thread at a time. No service may be called. */
class EditApplier {
 public:
  virtual ~EditApplier() = default;
  /** Throws Failure for what apply would refuse. Writes nothing: the host compares. The payload
   * fits the op's schema in the manifest already. */
  virtual void validate(const EditRequest& request, const Host& host) = 0;
  /** Changes files below request.home and names each one, in config.toml, agents/ and tools/ only
   * and only what the manifest's `touches` says; throws Failure and leaves the rest to the host,
   * which drops the copy. An edit that would change nothing is refused. */
  virtual EditResult apply(const EditRequest& request, const Host& host) = 0;
};

/** diagnostic-tool/1: answers one of the teacher's questions. Called from many threads at once.
 * Services: `traces`, `benchmark`, `student`, `teacher`, `judge`, `home`. */
class DiagnosticTool {
 public:
  virtual ~DiagnosticTool() = default;
  /** Any JSON object; the teacher reads it as it is. A Failure is shown to the teacher. */
  virtual json::object call(const ToolRequest& request, const Host& host) = 0;
};

/** teacher-engine/1: speaks one provider's protocol. Called from many threads at once. Service:
 * `http`, which holds the key, retries, and keeps to the user's limits and budget. */
class TeacherEngine {
 public:
  virtual ~TeacherEngine() = default;
  /** One answer of the model, by one request through `http`. An answer of the provider that is an
   * error (after the host's retries) is refused, unavailable or retryable; one that cannot be read
   * is retryable. A refusal by the model is a result. */
  virtual GenerateResult generate(const GenerateRequest& request, const Host& host) = 0;
};

/** student-runner/1: runs the student on one query. Called from many threads at once, also for
 * different homes. Service: `http`. */
class StudentRunner {
 public:
  virtual ~StudentRunner() = default;
  /** Answers as the home at request.home says, and writes nothing there. */
  virtual StudentResult run(const StudentRequest& request, const Host& host) = 0;
  /** Throws Failure(JARVIS_UNAVAILABLE) when the student cannot be reached. Asks it nothing that
   * costs. */
  virtual ProbeResult probe(const ProbeRequest& request, const Host& host) = 0;
};

/** judge/1: scores an answer against gold. Called from many threads at once. Service: `engine`
 * (generate-request/1 to generate-result/1), where the user gave the judge a model. */
class Judge {
 public:
  virtual ~Judge() = default;
  /** What cannot be scored has no score; that is no Failure. */
  virtual JudgeResult score(const JudgeRequest& request, const Host& host) = 0;
};

/** How a class of the five above becomes tables of functions. Not for plugins to use; no name in it
 * stays as it is. */
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

/** The table for an interface id, nullptr where `Plugin` does not derive from that interface.
 * Static. */
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
              self, host, text, reply, [](DiagnosticTool& part, Object&& object, const Host& h) {
                return part.call(tool_request(std::move(object)), h);
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

/** jarvis_plugin.init: `*self` is a new Plugin, owned by the host until deinit. */
template <class Plugin>
jarvis_status init(const jarvis_host*, const jarvis_reply* reply, void** self) noexcept {
  return guard(reply, [&] {
    *self = new Plugin();
    return json::object{};
  });
}

/** jarvis_plugin.deinit. */
template <class Plugin>
void deinit(void* self) noexcept {
  delete static_cast<Plugin*>(self);
}

/** jarvis_plugin.get_interface. */
template <class Plugin>
const void* get_interface(void*, jarvis_str id) noexcept {
  return interface_of<Plugin>(view(id));
}

/** A string literal, without its terminating NUL. */
template <std::size_t N>
constexpr jarvis_str literal(const char (&text)[N]) {
  return {text, N - 1};
}

}  // namespace detail
}  // namespace jarvis::sdk

/** Exports `Class` as the plugin of this shared object. `Class` derives from one or more of
 * EditApplier, DiagnosticTool, TeacherEngine, StudentRunner and Judge and has a default
 * constructor; what that throws refuses the plugin. Use it once, outside any namespace. `Id` and
 * `Version` are string literals and agree with plugin.toml; the id is the name for people, too. */
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
