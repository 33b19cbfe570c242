#pragma once

#include "core/host/check/plugin_check.hpp"
#include "core/host/check/subject.hpp"

namespace jarvis {

/** Tries an op on scratch homes: its example and what it must not do. `forbidden` are the config
 * keys that no op may change. */
void check_applier(Subject& subject, const Provided& op, const std::vector<std::string>& forbidden,
                   const CheckBench& bench, CheckReport& report);

}  // namespace jarvis
