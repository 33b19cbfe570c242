#pragma once

#include "core/host/plugin_host.hpp"
#include "core/ports/toolbox.hpp"

namespace jarvis {

/** The diagnostic tools of all plugins. `plugins` must outlive it. */
class PluginToolbox : public Toolbox {
 public:
  explicit PluginToolbox(PluginHost& plugins) : plugins_(plugins) {}

  std::vector<sdk::ToolDefinition> tools() const override;
  Result<sdk::json::object> call(const sdk::ToolCall& call, const ServiceTable& services) override;

 private:
  PluginHost& plugins_;
};

}  // namespace jarvis
