#pragma once

#include <jarvis/abi/plugin.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <string>

#include "core/host/manifest.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** What a plugin may reach during one call. An empty function means that there is nothing to reach.
 */
struct CallContext {
  std::function<Result<json::object>(const std::string& service, const json::object& request)>
      services;
  std::function<bool()> cancelled;
};

/** A plugin whose shared object is loaded and initialised. Stays loaded until the program exits.
 *  Safe to call from many threads as far as the interface allows it. */
class Plugin {
 public:
  virtual ~Plugin() = default;
  virtual const Manifest& manifest() const = 0;
  /** The functions of an interface as this host knows them: shorter tables are filled up with
   * nulls. */
  template <class Table>
  Table table(const char* interface_id) const {
    Table known{};
    if (const void* found = interface(interface_id)) {
      std::uint32_t size = 0;
      std::memcpy(&size, found, sizeof size);
      std::memcpy(&known, found, std::min<std::size_t>(size, sizeof known));
    }
    return known;
  }
  /** Calls one function. Whatever the plugin does short of crashing comes back as a value: an
   * answer that is no JSON object, an unknown status and a thrown exception are errors that name
   * the plugin. */
  virtual Result<json::object> call(jarvis_function function, const json::object& request,
                                    const CallContext& context) const = 0;

 private:
  virtual const void* interface(const char* interface_id) const = 0;
};

/** Loads the library of a manifest that PluginHost accepted: its digest is compared, the symbol is
 * looked up in the file, only then it is opened. `settings` is the plugin's own table. */
Result<std::unique_ptr<Plugin>> load_plugin(const Manifest& manifest, const json::object& settings);

}  // namespace jarvis
