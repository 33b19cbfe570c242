#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/model/json.hpp"
#include "core/model/result.hpp"
#include "core/model/session.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis {

struct TriggerSettings {
  bool scheduled_enabled = false;
  std::string scheduled_cron;
  int scheduled_min_new_traces = 0;
  bool cluster_enabled = false;
  int cluster_check_interval_minutes = 0;
  int cluster_min_size = 0;
  double cluster_failure_threshold = 0;
};

struct GateSettings {
  double min_improvement = 0;
  double max_regression = 0;
  int benchmark_subsample_size = 0;
  bool full_benchmark = false;
  double noise_confidence = 0;
  int concurrency = 1;
};

struct BenchmarkSettings {
  double holdout_share = 0;
  double synthesis_feedback_threshold = 0;
  int max_benchmark_size = 0;
  bool auto_refresh = false;
  double max_synthesis_cost_usd_per_refresh = 0;
  bool include_failures = false;
};

/** Where a role's model is and what it costs. An empty text means: not set. */
struct RoleSettings {
  std::string engine;  ///< the student's: its runner
  std::string model;
  std::vector<std::string> base_urls;
  std::string api_key_env;
  int timeout_seconds = 0;
  int max_retries = 0;
  int context_tokens = 0;  ///< the teacher's
  std::optional<double> input_price_per_mtok;
  std::optional<double> output_price_per_mtok;
};

struct PrivacySettings {
  bool redact = true;
  std::vector<std::string> extra_patterns;
  std::vector<std::string> exclude_agents;
};

struct PluginSettings {
  std::vector<std::string> directories;
  std::vector<std::string> allow;
  std::map<std::string, std::string> pinned;
  std::map<std::string, std::string> isolation;
  double timeout_seconds = 0;
  int memory_mb = 0;
  std::map<std::string, json::object> own;  ///< [learning.distillation.plugin.<id>]
};

/** `[learning.distillation]` of config.toml, complete and checked; config/default.toml says what
 * each key means and what it is when the user does not set it. */
struct Settings {
  bool enabled = true;
  Autonomy autonomy = Autonomy::tiered;
  double max_cost_per_session_usd = 0;
  int max_tool_calls_per_diagnosis = 0;
  int min_traces = 0;
  TriggerSettings triggers;
  GateSettings gate;
  BenchmarkSettings benchmark;
  std::map<std::string, Tier> tier_overrides;
  RoleSettings teacher;  ///< `model` is teacher_model
  RoleSettings student;
  std::string student_dialect;
  std::vector<std::string> student_command;
  bool student_network = false;
  std::string student_read_root;
  RoleSettings judge;
  PrivacySettings privacy;
  PluginSettings plugins;
  bool watch_enabled = true;
  bool watch_auto_revert = false;
  std::string metrics_address;
};

/** Reads the home's config.toml; a home without one has all defaults. The error names file, line
 * and key: text that is not TOML, an unknown key, a wrong type, a value out of its range. */
Result<Settings> load_settings(const HomeView& home);

/** The whole config.toml as JSON, for the teacher: values whose keys look like secrets are left
 * out, and so are user names and passwords in addresses. */
Result<json::object> redacted_config(const HomeView& home);

/** The values that redacted_config leaves out. */
Result<std::vector<std::string>> secret_config_values(const HomeView& home);

}  // namespace jarvis
