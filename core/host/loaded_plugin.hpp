#pragma once

#include <memory>

#include "core/host/plugin.hpp"

namespace jarvis {

/** Loads the library of a manifest that PluginHost accepted into this process: its digest is
 * compared, the symbol is looked up in the file, only then it is opened. It stays loaded until the
 * program exits. `settings` is the plugin's own table. */
Result<std::unique_ptr<Plugin>> load_plugin(const Manifest& manifest, const json::object& settings);

/** As Plugin::call, with bytes that need not be JSON: to see how a plugin takes them. `plugin` is
 * one that load_plugin gave. */
Result<json::object> call_with_text(const Plugin& plugin, PluginFunction function,
                                    const std::string& request, const CallContext& context);

}  // namespace jarvis
