// Today's C headers against those of 1.0: everything that 1.0 named is there with the same number,
// the same place and the same type. What is new stands behind it.
#include <doctest/doctest.h>
#include <stdint.h>

#include <cstddef>
#include <string_view>
#include <type_traits>

// The frozen headers first, in a namespace of their own: types and enumerators are kept apart by
// it, macros and include guards by what follows.
namespace frozen {
#include "tests/abi/frozen_1_0/include/jarvis/abi/base.h"
// The headers include each other by <…>, which their guards make empty: hence one by one, in order.
#include "tests/abi/frozen_1_0/include/jarvis/abi/host.h"
#include "tests/abi/frozen_1_0/include/jarvis/abi/interfaces.h"
#include "tests/abi/frozen_1_0/include/jarvis/abi/plugin.h"

constexpr std::uint32_t kMagic = JARVIS_ABI_MAGIC;
constexpr std::uint32_t kMajor = JARVIS_ABI_MAJOR;
constexpr std::uint32_t kMinor = JARVIS_ABI_MINOR;
constexpr std::string_view kNames[] = {JARVIS_ENTRY_SYMBOL,      JARVIS_EDIT_APPLIER_1,
                                       JARVIS_DIAGNOSTIC_TOOL_1, JARVIS_TEACHER_ENGINE_1,
                                       JARVIS_STUDENT_RUNNER_1,  JARVIS_JUDGE_1};
}  // namespace frozen

#undef JARVIS_ABI_BASE_H
#undef JARVIS_ABI_HOST_H
#undef JARVIS_ABI_INTERFACES_H
#undef JARVIS_ABI_PLUGIN_H
#undef JARVIS_ABI_MAGIC
#undef JARVIS_ABI_MAJOR
#undef JARVIS_ABI_MINOR
#undef JARVIS_ENTRY_SYMBOL
#undef JARVIS_EDIT_APPLIER_1
#undef JARVIS_DIAGNOSTIC_TOOL_1
#undef JARVIS_TEACHER_ENGINE_1
#undef JARVIS_STUDENT_RUNNER_1
#undef JARVIS_JUDGE_1
#include <jarvis/abi/base.h>
#include <jarvis/abi/host.h>
#include <jarvis/abi/interfaces.h>
#include <jarvis/abi/plugin.h>

namespace {

/** Whether two types mean the same to a caller: equal numbers, pointers and functions over such,
 * structs of one name. */
template <class Frozen, class Live>
struct same : std::is_same<Frozen, Live> {};
template <class Frozen, class Live>
struct same<Frozen*, Live*> : same<Frozen, Live> {};
template <class Frozen, class Live>
struct same<const Frozen, const Live> : same<Frozen, Live> {};
template <class Frozen, class Live, class... FrozenArguments, class... LiveArguments>
struct same<Frozen(FrozenArguments...), Live(LiveArguments...)>
    : std::bool_constant<sizeof...(FrozenArguments) == sizeof...(LiveArguments)> {};
template <class... FrozenArguments, class... LiveArguments, class Frozen, class Live>
requires(sizeof...(FrozenArguments) ==
         sizeof...(LiveArguments)) struct same<Frozen(FrozenArguments...), Live(LiveArguments...)>
    : std::conjunction<same<Frozen, Live>, same<FrozenArguments, LiveArguments>...> {
};
template <>
struct same<frozen::jarvis_str, ::jarvis_str> : std::true_type {};
template <>
struct same<frozen::jarvis_error, ::jarvis_error> : std::true_type {};
template <>
struct same<frozen::jarvis_reply, ::jarvis_reply> : std::true_type {};
template <>
struct same<frozen::jarvis_host, ::jarvis_host> : std::true_type {};

// Every field of 1.0, each struct in the order of its fields.
#define EACH_FIELD(FIELD)                      \
  FIELD(jarvis_str, ptr)                       \
  FIELD(jarvis_str, len)                       \
  FIELD(jarvis_error, struct_size)             \
  FIELD(jarvis_error, code)                    \
  FIELD(jarvis_error, message)                 \
  FIELD(jarvis_error, hint)                    \
  FIELD(jarvis_error, retry_after_ms)          \
  FIELD(jarvis_reply, struct_size)             \
  FIELD(jarvis_reply, reserved)                \
  FIELD(jarvis_reply, context)                 \
  FIELD(jarvis_reply, result)                  \
  FIELD(jarvis_reply, error)                   \
  FIELD(jarvis_host, struct_size)              \
  FIELD(jarvis_host, abi_minor)                \
  FIELD(jarvis_host, context)                  \
  FIELD(jarvis_host, log)                      \
  FIELD(jarvis_host, cancelled)                \
  FIELD(jarvis_host, settings)                 \
  FIELD(jarvis_host, call)                     \
  FIELD(jarvis_edit_applier_1, struct_size)    \
  FIELD(jarvis_edit_applier_1, reserved)       \
  FIELD(jarvis_edit_applier_1, validate)       \
  FIELD(jarvis_edit_applier_1, apply)          \
  FIELD(jarvis_diagnostic_tool_1, struct_size) \
  FIELD(jarvis_diagnostic_tool_1, reserved)    \
  FIELD(jarvis_diagnostic_tool_1, call)        \
  FIELD(jarvis_teacher_engine_1, struct_size)  \
  FIELD(jarvis_teacher_engine_1, reserved)     \
  FIELD(jarvis_teacher_engine_1, generate)     \
  FIELD(jarvis_student_runner_1, struct_size)  \
  FIELD(jarvis_student_runner_1, reserved)     \
  FIELD(jarvis_student_runner_1, run)          \
  FIELD(jarvis_student_runner_1, probe)        \
  FIELD(jarvis_judge_1, struct_size)           \
  FIELD(jarvis_judge_1, reserved)              \
  FIELD(jarvis_judge_1, score)                 \
  FIELD(jarvis_plugin, struct_size)            \
  FIELD(jarvis_plugin, magic)                  \
  FIELD(jarvis_plugin, abi_major)              \
  FIELD(jarvis_plugin, abi_minor)              \
  FIELD(jarvis_plugin, id)                     \
  FIELD(jarvis_plugin, name)                   \
  FIELD(jarvis_plugin, version)                \
  FIELD(jarvis_plugin, init)                   \
  FIELD(jarvis_plugin, deinit)                 \
  FIELD(jarvis_plugin, get_interface)

#define EACH_STRUCT(STRUCT)        \
  STRUCT(jarvis_str)               \
  STRUCT(jarvis_error)             \
  STRUCT(jarvis_reply)             \
  STRUCT(jarvis_host)              \
  STRUCT(jarvis_edit_applier_1)    \
  STRUCT(jarvis_diagnostic_tool_1) \
  STRUCT(jarvis_teacher_engine_1)  \
  STRUCT(jarvis_student_runner_1)  \
  STRUCT(jarvis_judge_1)           \
  STRUCT(jarvis_plugin)

#define FIELD_STAYS(type, field)                                           \
  static_assert(offsetof(::type, field) == offsetof(frozen::type, field)); \
  static_assert(same<decltype(frozen::type::field), decltype(::type::field)>::value);
EACH_FIELD(FIELD_STAYS)

#define STRUCT_ONLY_GROWS(type)                          \
  static_assert(sizeof(::type) >= sizeof(frozen::type)); \
  static_assert(alignof(::type) == alignof(frozen::type));
EACH_STRUCT(STRUCT_ONLY_GROWS)

// Passed by value, so it cannot even grow.
static_assert(sizeof(::jarvis_str) == sizeof(frozen::jarvis_str));
// Embedded by value in no other struct, and passed by pointer: the rest may grow.

// The list names every field of 1.0: there is no padding, so the fields' sizes add up to the
// struct's.
#define SIZE_OF_FIELD(type, field) \
  +(std::string_view(name) == #type ? sizeof(frozen::type::field) : 0)
constexpr std::size_t listed(const char* name) {
  return 0 EACH_FIELD(SIZE_OF_FIELD);
}
#define STRUCT_IS_LISTED(type) static_assert(listed(#type) == sizeof(frozen::type));
EACH_STRUCT(STRUCT_IS_LISTED)

static_assert(same<frozen::jarvis_function, ::jarvis_function>::value);
static_assert(std::is_same_v<frozen::jarvis_status, ::jarvis_status>);

#define NUMBER_STAYS(name) static_assert(int{frozen::name} == int{::name});
NUMBER_STAYS(JARVIS_OK)
NUMBER_STAYS(JARVIS_INVALID)
NUMBER_STAYS(JARVIS_REFUSED)
NUMBER_STAYS(JARVIS_RETRYABLE)
NUMBER_STAYS(JARVIS_UNAVAILABLE)
NUMBER_STAYS(JARVIS_CANCELLED)
NUMBER_STAYS(JARVIS_INTERNAL)
NUMBER_STAYS(JARVIS_LOG_DEBUG)
NUMBER_STAYS(JARVIS_LOG_INFO)
NUMBER_STAYS(JARVIS_LOG_WARNING)
NUMBER_STAYS(JARVIS_LOG_ERROR)

static_assert(JARVIS_ABI_MAGIC == frozen::kMagic);
static_assert(JARVIS_ABI_MAJOR == frozen::kMajor,
              "a new major version begins with a folder of frozen headers of its own");
static_assert(JARVIS_ABI_MINOR >= frozen::kMinor);

// What `same` must tell apart.
static_assert(!same<void (*)(void*, frozen::jarvis_str), void (*)(void*)>::value);
static_assert(!same<void (*)(void*, frozen::jarvis_str), int (*)(void*, ::jarvis_str)>::value);
static_assert(!same<void (*)(frozen::jarvis_str*), void (*)(::jarvis_error*)>::value);
static_assert(!same<void (*)(const void*), void (*)(void*)>::value);
static_assert(!same<int32_t, uint32_t>::value);

}  // namespace

TEST_CASE("abi: the entry symbol and the interfaces bear the names of 1.0") {
  constexpr std::string_view kLive[] = {JARVIS_ENTRY_SYMBOL,      JARVIS_EDIT_APPLIER_1,
                                        JARVIS_DIAGNOSTIC_TOOL_1, JARVIS_TEACHER_ENGINE_1,
                                        JARVIS_STUDENT_RUNNER_1,  JARVIS_JUDGE_1};
  static_assert(std::size(kLive) == std::size(frozen::kNames));
  for (std::size_t i = 0; i < std::size(kLive); ++i) CHECK(kLive[i] == frozen::kNames[i]);
}
