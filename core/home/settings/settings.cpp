#include "core/home/settings/settings.hpp"

#include <jarvis/text/names.hpp>

#include "core/home/settings/config_check.hpp"
#include "core/home/settings/config_reading.hpp"
#include "core/home/settings/settings_reader.hpp"

namespace jarvis {

namespace {

constexpr double kMostMoney = 1000000;

RoleSettings role(const SettingsReader& read, const std::string& table,
                  const std::string& engine_key) {
  RoleSettings settings;
  settings.engine = read.text(table, engine_key);
  settings.base_urls = read.texts(table, "base_url");
  settings.api_key_env = read.text(table, "api_key_env");
  settings.timeout_seconds = read.count(table, "timeout_seconds", 1, 86400);
  settings.input_price_per_mtok = read.price(table, "input_price_per_mtok");
  settings.output_price_per_mtok = read.price(table, "output_price_per_mtok");
  return settings;
}

TriggerSettings triggers(const SettingsReader& read) {
  const std::string table = "triggers";
  return {read.flag(table, "scheduled_enabled"),
          read.filled(table, "scheduled_cron"),
          read.count(table, "scheduled_min_new_traces", 0),
          read.flag(table, "cluster_enabled"),
          read.count(table, "cluster_check_interval_minutes", 1),
          read.count(table, "cluster_min_size", 1),
          read.number(table, "cluster_failure_threshold", 0, 1)};
}

GateSettings gate(const SettingsReader& read) {
  const std::string table = "gate";
  return {
      read.number(table, "min_improvement", -1, 1),      read.number(table, "max_regression", 0, 1),
      read.count(table, "benchmark_subsample_size", 1),  read.flag(table, "full_benchmark"),
      read.number(table, "noise_confidence", 0, 0.9999), read.count(table, "concurrency", 1, 256)};
}

BenchmarkSettings benchmark(const SettingsReader& read) {
  const std::string table = "benchmark";
  return {read.number(table, "holdout_share", 0, 1),
          read.number(table, "synthesis_feedback_threshold", 0, 1),
          read.count(table, "max_benchmark_size", 1),
          read.flag(table, "auto_refresh"),
          read.number(table, "max_synthesis_cost_usd_per_refresh", 0, kMostMoney),
          read.flag(table, "include_failures")};
}

std::map<std::string, Tier> tier_overrides(const SettingsReader& read) {
  std::map<std::string, Tier> overrides;
  for (const auto& [op, text] : read.text_table("", "tier_overrides", "auto, review or manual")) {
    const auto tier = tier_from(text);
    if (!tier)
      read.fail_at({"tier_overrides", op}, "is '" + text + "', not auto, review or manual");
    const std::size_t colon = op.find(':');
    if (!text::is_valid_name(op.substr(0, colon)) ||
        (colon != std::string::npos && !text::is_valid_name(op.substr(colon + 1))))
      read.fail_at({"tier_overrides", op}, "is neither an op nor \"op:tool\"");
    overrides[op] = *tier;
  }
  return overrides;
}

PluginSettings plugins(const SettingsReader& read) {
  PluginSettings settings{read.texts("plugins", "directories"),
                          read.texts("plugins", "allow"),
                          read.text_table("plugins", "pinned", "a SHA-256 in hex"),
                          read.text_table("plugins", "isolation", "process or in-process"),
                          read.number("plugins", "timeout_seconds", 0.001, 86400),
                          read.count("plugins", "memory_mb", 16),
                          read.tables("plugin")};
  for (const auto& [name, digest] : settings.pinned)
    if (digest.size() != 64 || digest.find_first_not_of("0123456789abcdef") != std::string::npos)
      read.fail_at({"plugins", "pinned", name}, "is not a SHA-256 in hex");
  for (const auto& [name, how] : settings.isolation)
    if (how != "process" && how != "in-process")
      read.fail_at({"plugins", "isolation", name},
                   "is '" + how + "', not \"process\" or \"in-process\"");
  return settings;
}

Settings settings_from(const SettingsReader& read) {
  Settings settings;
  settings.enabled = read.flag("", "enabled");
  settings.autonomy =
      *autonomy_from(read.one_of("", "autonomy_mode", {"auto", "tiered", "manual"}));
  settings.max_cost_per_session_usd = read.number("", "max_cost_per_session_usd", 0, kMostMoney);
  settings.max_tool_calls_per_diagnosis = read.count("", "max_tool_calls_per_diagnosis", 0);
  settings.min_traces = read.count("", "min_traces", 0);
  settings.triggers = triggers(read);
  settings.gate = gate(read);
  settings.benchmark = benchmark(read);
  settings.tier_overrides = tier_overrides(read);
  settings.teacher = role(read, "teacher", "engine");
  settings.teacher.model = read.filled("", "teacher_model");
  settings.teacher.max_retries = read.count("teacher", "max_retries", 0, 100);
  settings.teacher.context_tokens = read.count("teacher", "context_tokens", 16000, 100000000);
  settings.student = role(read, "student", "runner");
  settings.student.engine = read.filled("student", "runner");
  settings.student.max_retries = settings.teacher.max_retries;
  settings.student_dialect = read.one_of("student", "dialect", {"jarvis", "openjarvis"});
  settings.student_command = read.texts("student", "command");
  settings.student_network = read.flag("student", "network");
  settings.student_read_root = read.text("student", "read_root");
  settings.judge = role(read, "judge", "engine");
  settings.judge.model = read.text("judge", "model");
  settings.judge.max_retries = read.count("judge", "max_retries", 0, 100);
  settings.privacy = {read.flag("privacy", "redact"), read.texts("privacy", "extra_patterns"),
                      read.texts("privacy", "exclude_agents")};
  settings.plugins = plugins(read);
  settings.watch_enabled = read.flag("watch", "enabled");
  settings.watch_auto_revert = read.flag("watch", "auto_revert");
  settings.metrics_address = read.text("daemon", "metrics_address");
  return settings;
}

}  // namespace

Result<Settings> load_settings(const HomeView& home) try {
  const auto user = read_config(home);
  if (!user) return user.error();
  const auto merged = merged_distillation(*user, default_config());
  if (!merged) return merged.error();
  return settings_from(SettingsReader(*user, *merged));
} catch (const Error& error) {
  return error;
} catch (const std::exception& error) {
  return Error{ErrorKind::configuration, "config.toml: " + std::string(error.what()), ""};
}

Result<std::vector<SettingRule>> setting_rules() try {
  const text::TomlDocument defaults = default_config();
  const auto merged = merged_distillation(defaults, defaults);
  if (!merged) return merged.error();
  const SettingsReader reader(defaults, *merged);
  settings_from(reader);
  return reader.rules();
} catch (const Error& error) {
  return error;
}

}  // namespace jarvis
