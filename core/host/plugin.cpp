#include "core/host/plugin.hpp"

#include <jarvis/abi/host.h>
#include <spdlog/spdlog.h>

namespace jarvis {

namespace {

void write_to_log(const std::string& id, std::int32_t level, std::string_view text) {
  switch (level) {
    case JARVIS_LOG_ERROR:
      spdlog::error("{}: {}", id, text);
      break;
    case JARVIS_LOG_WARNING:
      spdlog::warn("{}: {}", id, text);
      break;
    case JARVIS_LOG_INFO:
      spdlog::info("{}: {}", id, text);
      break;
    default:
      spdlog::debug("{}: {}", id, text);
  }
}

PluginLog& current_log() {
  static PluginLog log = write_to_log;
  return log;
}

}  // namespace

void send_plugin_log_to(PluginLog log) {
  current_log() = std::move(log);
}

void log_of_plugin(const std::string& id, std::int32_t level, std::string_view text) {
  current_log()(id, level, text);
}

}  // namespace jarvis
