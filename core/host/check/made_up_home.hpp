#pragma once

#include <vector>

#include "core/host/check/plugin_check.hpp"
#include "core/host/manifest.hpp"

namespace jarvis {

/** Homes in which an op's example should make sense: one where what it names is not there yet
 * (but for the agent itself), one where it is. The first is the usual one. */
std::vector<HomeFiles> made_up_homes(const Provided& op);

}  // namespace jarvis
