#pragma once

#include <memory>

#include "core/host/isolation/limits.hpp"
#include "core/host/plugin.hpp"

namespace jarvis {

/** Loads a plugin into a process of its own: the same interface, a crash, a hang or want of memory
 * there fails the one call. Calls at the same time get a process each, which stay for the next
 * ones; a plugin sees itself loaded as often. Ending a process leaves nothing running. After
 * `edit_apply` all are ended, and only a plugin that offers it may write where `limits` say. */
Result<std::unique_ptr<Plugin>> isolate_plugin(const Manifest& manifest,
                                               const json::object& settings,
                                               const IsolationLimits& limits);

}  // namespace jarvis
