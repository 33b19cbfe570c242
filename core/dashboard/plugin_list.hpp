#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "core/dashboard/own_command.hpp"
#include "core/dashboard/sessions_index.hpp"

namespace jarvis::dashboard {

/** What `plugins list` gives. Loading takes a while and is asked of another process, so that this
 * one runs nobody's code; it is asked first when the dashboard starts, and again when config.toml
 * has changed. Safe to call from many threads. */
class PluginList {
 public:
  PluginList(std::filesystem::path program, std::filesystem::path home);

  /** `anew`: whatever is known. */
  CommandOutcome look(bool anew);

 private:
  const std::filesystem::path program_;
  const std::filesystem::path home_;
  std::mutex mutex_;
  std::optional<CommandOutcome> known_;
  Stamp config_;
  std::jthread first_look_;
};

}  // namespace jarvis::dashboard
