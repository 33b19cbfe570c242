#pragma once

#include <functional>
#include <string>

#include "core/host/manifest.hpp"
#include "core/host/plugin_function.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** What a plugin may reach during one call. An empty function means that there is nothing to reach.
 */
struct CallContext {
  std::function<Result<json::object>(const std::string& service, const json::object& request)>
      services;
  std::function<bool()> cancelled;
};

/** A plugin that was loaded and initialised, in this process or in one of its own. Safe to call
 * from many threads as far as the interface allows it. */
class Plugin {
 public:
  virtual ~Plugin() = default;
  virtual const Manifest& manifest() const = 0;
  virtual bool offers(PluginFunction function) const = 0;
  /** Calls one function. Whatever goes wrong comes back as an error that names the plugin: a
   * function that is not offered, an answer that is no JSON object, an unknown status, a thrown
   * exception. In a process of its own also a crash, a hang and want of memory. */
  virtual Result<json::object> call(PluginFunction function, const json::object& request,
                                    const CallContext& context) const = 0;
};

using PluginLog =
    std::function<void(const std::string& id, std::int32_t level, std::string_view text)>;

/** Where lines of plugins go from now on; the program's log until somebody says so. Not to be
 * called while a plugin may write. */
void send_plugin_log_to(PluginLog log);
/** One line of a plugin. `level` is a JARVIS_LOG_… number. */
void log_of_plugin(const std::string& id, std::int32_t level, std::string_view text);

}  // namespace jarvis
