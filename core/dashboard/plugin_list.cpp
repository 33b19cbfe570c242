#include "core/dashboard/plugin_list.hpp"

#include "core/home/paths.hpp"

namespace jarvis::dashboard {

PluginList::PluginList(std::filesystem::path program, std::filesystem::path home)
    : program_(std::move(program)), home_(std::move(home)), first_look_([this] { look(false); }) {}

CommandOutcome PluginList::look(bool anew) {
  const std::lock_guard lock(mutex_);
  const Stamp config = stamp_of(home_ / kConfigFile);
  if (known_ && !anew && config == config_) return *known_;
  const auto command = OwnCommand::start(program_, home_, {"plugins", "list"});
  if (!command) return {1, {}, command.error().message, command.error().hint};
  known_ = (*command)->wait();
  config_ = config;
  return *known_;
}

}  // namespace jarvis::dashboard
