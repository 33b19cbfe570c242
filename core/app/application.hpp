#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/home/checkpoint/git_checkpoint.hpp"
#include "core/home/settings/settings.hpp"
#include "core/host/plugin_host.hpp"
#include "core/host/registry.hpp"
#include "core/model/result.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/progress.hpp"
#include "core/ports/trace_reader.hpp"
#include "core/session/record/recorder.hpp"

namespace jarvis {

class LiveHome;

/** One run of the program on one home. Parts are made when they are first asked for, so that a
 * command pays for what it uses. Used from the main thread; the parts say for themselves what
 * threads may do. */
class Application {
 public:
  Application(std::filesystem::path home, Progress& progress, int verbosity);
  ~Application();

  const std::filesystem::path& home_path() const { return home_path_; }
  const LiveHome& home() const { return *home_; }
  Progress& progress() const { return progress_; }
  const Clock& clock() const { return *clock_; }
  const Recorder& recorder() const { return recorder_; }

  Result<const Settings*> settings();
  /** Whether config.toml is not what the settings were read from. */
  bool config_changed() const;
  /** Forgets the settings and what was made from them, for the next session of a process. Nothing of
   * it may be in use. */
  void forget_settings();
  Result<PluginHost*> plugins();
  Result<Registry*> catalogue();
  Result<const TraceReader*> traces();
  GitCheckpoint& checkpoint() { return checkpoint_; }

  /** not_found where the home is no folder. */
  Result<void> require_home() const;
  /** Makes learning/ and the repository; true when something was made. For the holder of the home's
   * lock, unless all is there. */
  Result<bool> initialise();
  bool is_initialised() const;

  /** refused while learning.distillation.enabled is false. */
  Result<void> require_enabled();

  /** From here on the log goes to learning/logs/ too. */
  void log_to_file();

 private:
  std::filesystem::path home_path_;
  Progress& progress_;
  int verbosity_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<LiveHome> home_;
  Recorder recorder_;
  std::optional<Settings> settings_;
  std::optional<std::string> config_;  ///< the text that they were read from; nothing: none
  std::unique_ptr<PluginHost> plugins_;
  std::optional<Registry> catalogue_;
  std::unique_ptr<TraceReader> traces_;
  GitCheckpoint checkpoint_;
};

}  // namespace jarvis
