#include "core/daemon/rules.hpp"

namespace jarvis {

Result<TriggerRules> trigger_rules(const Settings& settings) {
  TriggerRules rules{settings.enabled,
                     settings.min_traces,
                     settings.triggers,
                     std::nullopt,
                     settings.benchmark.auto_refresh,
                     settings.privacy.exclude_agents,
                     settings.watch_enabled};
  if (!settings.metrics_address.empty()) {
    const auto address = listen_address_from(settings.metrics_address);
    if (!address)
      return Error{
          ErrorKind::configuration,
          "config.toml: learning.distillation.daemon.metrics_address: " + address.error().message,
          address.error().hint};
    rules.metrics = *address;
  }
  if (!settings.triggers.scheduled_enabled) return rules;
  auto cron = CronSchedule::parse(settings.triggers.scheduled_cron);
  if (!cron)
    return Error{
        ErrorKind::configuration,
        "config.toml: learning.distillation.triggers.scheduled_cron: " + cron.error().message,
        cron.error().hint};
  rules.cron = std::move(*cron);
  return rules;
}

}  // namespace jarvis
