#pragma once

#include "tests/broken_plugins/bare_plugin.hpp"

/** A plugin on the bare ABI whose functions all are `function`, `jarvis_status(const
 * jarvis_reply*)`, unless they are told to be good. */
template <jarvis_status (*Function)(const jarvis_reply*)>
jarvis_status unless_told(void*, const jarvis_host*, jarvis_str request,
                          const jarvis_reply* reply) {
  const std::string_view text(request.ptr, static_cast<std::size_t>(request.len));
  return text.find("be good") == text.npos ? Function(reply) : bare::answer(reply, "{}");
}

template <jarvis_status (*Function)(const jarvis_reply*)>
const void* bare_interface(void*, jarvis_str id) {
  return bare::same_function_everywhere<unless_told<Function>>(id);
}

#define BARE_FAULT(Function) BARE_PLUGIN(bare::entry(bare_interface<Function>))
