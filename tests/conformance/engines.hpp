#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/host/plugin_host.hpp"
#include "tests/conformance/protocol.hpp"

namespace jarvis::conformance {

/** One engine and the server that it is held against. */
struct EngineRow {
  std::string engine;
  std::string model;
  std::shared_ptr<const Protocol> protocol;
  std::string key;  ///< empty: it needs none
  bool reads_cache = true;
  bool writes_cache = false;
  bool reports_cost = false;
  bool has_refusals = true;  ///< false: the protocol cannot say that the model refused
};

/** The rows of all engines that come with the program, without those that reach no network. An
 * engine without a row throws. */
std::vector<EngineRow> engine_rows(const PluginHost& plugins);

/** The plugins that come with the program. */
PluginHost& built_in_plugin_host();

}  // namespace jarvis::conformance
