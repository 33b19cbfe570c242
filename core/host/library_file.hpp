#pragma once

#include "core/host/manifest.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** Whether a plugin's shared object is the one that its manifest names and exports the entry
 * symbol: what can be known without running any of its code. */
Result<void> check_library_file(const Manifest& manifest);

/** An error that names the plugin. */
Error plugin_refusal(const Manifest& manifest, const std::string& why,
                     const std::string& hint = {});

}  // namespace jarvis
