#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/host/check/report.hpp"

namespace jarvis {

/** Judges `<folder>/plugin.toml` key by key, so that one run names all that is to be mended. Gives
 * the manifest where the host would accept it. `forbidden` are the config keys that no op may
 * change. */
std::optional<Manifest> check_manifest(const std::filesystem::path& folder,
                                       const std::vector<std::string>& forbidden,
                                       CheckReport& report);

/** Why an op's `touches` would not allow what its author meant, or would allow what no op may do;
 * empty when they are right. */
std::string touches_problem(const std::vector<std::string>& touches,
                            const json::object& payload_schema,
                            const std::vector<std::string>& forbidden);

}  // namespace jarvis
