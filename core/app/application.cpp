#include "core/app/application.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <sstream>

#include "config/embedded.hpp"
#include "core/app/log.hpp"
#include "core/base/atomic_file.hpp"
#include "core/home/live_home.hpp"
#include "core/home/paths.hpp"
#include "core/home/traces/trace_store.hpp"
#include "core/home/traces/trace_writer.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

class SystemClock : public Clock {
 public:
  double now() const override {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

PluginPolicy plugin_policy(const Settings& settings, const fs::path& home) {
  PluginPolicy policy;
  policy.built_in = built_in_plugins();
  for (const std::string& directory : settings.plugins.directories)
    policy.directories.emplace_back(directory);
  if (const char* path = std::getenv("JARVIS_PLUGIN_PATH")) {
    std::istringstream parts(path);
    for (std::string part; std::getline(parts, part, ':');)
      if (!part.empty()) policy.directories.emplace_back(part);
  }
  policy.allow = settings.plugins.allow;
  policy.pinned = settings.plugins.pinned;
  policy.settings = settings.plugins.own;
  for (const auto& [name, how] : settings.plugins.isolation)
    policy.isolation[name] = how == "process" ? Isolation::process : Isolation::in_process;
  policy.limits.call_seconds = settings.plugins.timeout_seconds;
  policy.limits.memory_bytes = static_cast<std::uint64_t>(settings.plugins.memory_mb) << 20;
  policy.limits.writable = {home / kStagingFolder};
  policy.home = home;
  return policy;
}

/** An override for an op that is not there may be a slip of the pen, or wait for a plugin. */
void warn_of_unknown_overrides(const std::map<std::string, Tier>& overrides,
                               const Registry& registry) {
  for (const auto& [name, tier] : overrides) {
    const std::string op = name.substr(0, name.find(':'));
    if (std::none_of(registry.ops().begin(), registry.ops().end(),
                     [&](const Op& known) { return known.name == op; }))
      spdlog::warn(
          "learning.distillation.tier_overrides names the op '{}', which no plugin provides", op);
  }
}

}  // namespace

Application::Application(fs::path home, Progress& progress, int verbosity)
    : home_path_(std::move(home)),
      progress_(progress),
      verbosity_(verbosity),
      clock_(std::make_unique<SystemClock>()),
      home_(std::make_unique<LiveHome>(home_path_)),
      recorder_(home_path_),
      checkpoint_(home_path_) {}

Application::~Application() = default;

Result<const Settings*> Application::settings() {
  if (!settings_) {
    config_ = content_of(*home_, kConfigFile);
    auto loaded = load_settings(*home_);
    if (!loaded) return loaded.error();
    settings_ = std::move(*loaded);
  }
  return static_cast<const Settings*>(&*settings_);
}

bool Application::config_changed() const {
  return settings_ && config_ != content_of(*home_, kConfigFile);
}

void Application::forget_settings() {
  catalogue_.reset();
  plugins_.reset();
  settings_.reset();
}

Result<PluginHost*> Application::plugins() {
  if (!plugins_) {
    const auto loaded = settings();
    if (!loaded) return loaded.error();
    plugins_ = std::make_unique<PluginHost>(plugin_policy(**loaded, home_path_));
  }
  return plugins_.get();
}

Result<Registry*> Application::catalogue() {
  if (!catalogue_) {
    const auto host = plugins();
    if (!host) return host.error();
    const auto runner = (*host)->find(JARVIS_STUDENT_RUNNER_1, settings_->student.engine);
    auto registry = Registry::make(**host, embedded_file("ops.toml"), settings_->tier_overrides,
                                   runner ? runner->provided : nullptr, settings_->student_dialect);
    if (!registry) return registry.error();
    warn_of_unknown_overrides(settings_->tier_overrides, *registry);
    catalogue_ = std::move(*registry);
  }
  return &*catalogue_;
}

Result<const TraceReader*> Application::traces() {
  if (!traces_) {
    auto opened = TraceStore::open(home_path_ / kTracesFile);
    if (!opened) return opened.error();
    traces_ = std::move(*opened);
  }
  return static_cast<const TraceReader*>(traces_.get());
}

bool Application::is_initialised() const {
  return fs::is_directory(home_path_ / kLearningFolder) && fs::exists(home_path_ / ".git");
}

Result<void> Application::require_home() const {
  if (fs::is_directory(home_path_)) return {};
  return Error{
      ErrorKind::not_found, "there is no home at '" + home_path_.string() + "'",
      "make it with 'mkdir', set it up with the assistant, or give another one with --home DIR"};
}

Result<bool> Application::initialise() {
  if (auto there = require_home(); !there) return there.error();
  const auto report = checkpoint_.init();
  if (!report) return report.error();
  if (auto made = make_private_directory(home_path_ / kLearningFolder); !made) return made.error();
  // All works without them, only slower: another program may hold the database.
  if (auto indexed = index_traces(home_path_ / kTracesFile); !indexed)
    spdlog::info("traces.db has no indexes yet: {}", indexed.error().message);
  return report->made_repository || report->made_baseline;
}

Result<void> Application::require_enabled() {
  const auto loaded = settings();
  if (!loaded) return loaded.error();
  if ((*loaded)->enabled) return {};
  return Error{ErrorKind::refused,
               "learning is switched off: learning.distillation.enabled is false",
               "set it to true in config.toml"};
}

void Application::log_to_file() {
  start_log(verbosity_, home_path_ / kLogsFolder);
}

}  // namespace jarvis
