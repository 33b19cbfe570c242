#pragma once

#include <optional>
#include <string>

#include "core/daemon/cron.hpp"
#include "core/daemon/listen_address.hpp"
#include "core/home/settings/settings.hpp"

namespace jarvis {

/** What config.toml says of the triggers, ready to be used. */
struct TriggerRules {
  bool enabled = true;  ///< learning.distillation.enabled
  int min_traces = 0;
  TriggerSettings triggers;
  std::optional<CronSchedule> cron;  ///< nothing: scheduled_enabled is false
  bool auto_refresh = false;
  std::vector<std::string> exclude_agents;
  bool watch_enabled = false;
  std::optional<ListenAddress> metrics = {};  ///< nothing: they are not served
};

/** configuration, naming the key, when the cron expression or the address of the metrics is wrong.
 */
Result<TriggerRules> trigger_rules(const Settings& settings);

}  // namespace jarvis
