#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>

#include "core/daemon/facts.hpp"
#include "core/daemon/pid_file.hpp"
#include "core/daemon/rules.hpp"
#include "core/daemon/scheduler.hpp"
#include "core/daemon/service_manager.hpp"
#include "core/daemon/side_process.hpp"
#include "core/daemon/state.hpp"

namespace jarvis {

/** What a daemon is told by the program around it. */
struct DaemonParts {
  std::filesystem::path home;
  /** Reads config.toml. */
  std::function<Result<TriggerRules>()> rules;
  std::function<Result<Facts>(const TriggerRules&, const std::set<std::string>& fired)> facts;
  /** Carries one firing out; called in a process of its own. */
  std::function<FiringOutcome(const Firing&)> carry_out;
  /** Listens at the address, and gives what serves the metrics there in a process of its own. */
  std::function<Result<SideProcess::Work>(const ListenAddress&)> metrics = {};
};

/** Blocks the signals that the daemon waits for; before anything else that it does, so that none
 * is lost. */
void block_daemon_signals();

/** Waits for what is due, and does it, until SIGTERM or SIGINT: then the firing at work is told to
 * stop, and when it has, run() comes back. A second such signal ends the firing at once. SIGHUP
 * reads config.toml again (what is wrong with it is logged, and the old rules stay) and looks at
 * everything. Metrics are served by a process of their own. Uses no thread. */
class Daemon {
 public:
  /** The pid file is held as long as the daemon lives. */
  Daemon(DaemonParts parts, TriggerRules rules, DaemonState state, PidFile pid_file,
         ServiceManager manager);
  ~Daemon();

  /** Listens for who asks for metrics, where the rules say so; before run(), which has them
   * answered. */
  Result<void> listen_for_metrics();

  Result<void> run();

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

/** The time of the wall clock, in unix seconds. */
double wall_clock();

}  // namespace jarvis
