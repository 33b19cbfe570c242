#pragma once

#include <filesystem>
#include <string>

#include "core/daemon/listen_address.hpp"
#include "core/daemon/side_process.hpp"

namespace jarvis {

/** Listens at the address, and gives what serves the home's metrics there until its process ends.
 */
Result<SideProcess::Work> metrics_work(const ListenAddress& address,
                                       const std::filesystem::path& home,
                                       const std::string& version);

}  // namespace jarvis
