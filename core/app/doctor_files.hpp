#pragma once

#include <cstdint>
#include <vector>

#include "core/app/doctor.hpp"

namespace jarvis {

/** What the home's own files say: the stores, their rights, the disk, the clock, and what sessions
 * that ended suddenly left behind. Changes nothing. */
std::vector<Checkup> examine_files(Application& application);

/** How much room there is on the home's disk. */
Checkup disk_finding(std::uint64_t free_bytes, std::uint64_t free_files);

/** Whether this machine's clock can be right when the newest trace is from `newest`. */
Checkup clock_finding(double now, double newest);

}  // namespace jarvis
