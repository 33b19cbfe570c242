#include <poll.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "core/app/cli/commands.hpp"
#include "core/app/cli/learning_daemon_parts.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/log.hpp"
#include "core/daemon/background.hpp"
#include "core/home/paths.hpp"
#include "core/metrics/metrics_work.hpp"

namespace jarvis {

namespace {

constexpr const char* kLogName = "daemon.log";
constexpr std::int64_t kStopSeconds = 150;  ///< a call to a slow teacher takes its time
constexpr int kPollMilliseconds = 50;

/** Everything that can be wrong at the start, before anybody is told that it went well. */
Result<std::unique_ptr<Daemon>> made_daemon(Application& application) {
  auto pid_file = PidFile::take(application.home_path());
  if (!pid_file) return pid_file.error();
  {
    // An application of its own: the one at hand must still be fresh when a session begins.
    Application first(application.home_path(), application.progress(), 0);
    if (auto enabled = first.require_enabled(); !enabled) return enabled.error();
    if (auto made = first.initialise(); !made) return made.error();
  }
  auto rules = read_trigger_rules(application);
  if (!rules) return rules.error();
  std::string set_aside;
  auto state = load_daemon_state(application.home_path(), set_aside);
  if (!state) return state.error();
  if (!set_aside.empty())
    spdlog::warn("learning/daemon.json cannot be read; it is kept as '{}'", set_aside);
  state->config_error.clear();
  DaemonParts parts{application.home_path(),
                    [&application] { return read_trigger_rules(application); },
                    [&application](const TriggerRules& now, const std::set<std::string>& fired) {
                      return look_at_home(application, now, fired);
                    },
                    [&application](const Firing& firing) { return carry_out(application, firing); },
                    [&application](const ListenAddress& address) {
                      return metrics_work(address, application.home_path(), JARVIS_VERSION);
                    }};
  auto daemon = std::make_unique<Daemon>(std::move(parts), std::move(*rules), std::move(*state),
                                         std::move(*pid_file), ServiceManager::from_environment());
  if (auto served = daemon->listen_for_metrics(); !served) return served.error();
  return daemon;
}

void start_daemon_log(const Application& application, int verbosity) {
  start_log(verbosity, application.home_path() / kLogsFolder, kLogName);
  spdlog::default_logger()->flush_on(spdlog::level::info);
}

/** Whether no daemon is left after so many seconds. */
Result<bool> is_gone_within(const std::filesystem::path& home, std::int64_t seconds) {
  for (std::int64_t waited = 0;; waited += kPollMilliseconds) {
    const auto running = running_daemon(home);
    if (!running) return running.error();
    if (!*running) return true;
    if (waited >= seconds * 1000) return false;
    ::poll(nullptr, 0, kPollMilliseconds);
  }
}

}  // namespace

Result<int> learning_daemon_start(Application& application, const Arguments&, Output& output) {
  if (auto there = application.require_home(); !there) return there.error();
  const auto pid = run_in_background([&](StartReport& report) {
    block_daemon_signals();
    start_daemon_log(application, 0);
    auto daemon = made_daemon(application);
    if (!daemon) {
      report.failed(daemon.error());
      return 1;
    }
    report.ready();
    const auto ran = (*daemon)->run();
    if (!ran) spdlog::error("{}", ran.error().message);
    daemon->reset();
    return ran ? 0 : 1;
  });
  if (!pid) return pid.error();
  const std::string log = (application.home_path() / kLogsFolder / kLogName).string();
  output.document({{"running", true}, {"pid", *pid}, {"log", log}});
  output.line("The daemon runs, pid " + std::to_string(*pid) + "; it writes to " + log + ".");
  return 0;
}

Result<int> learning_daemon_run(Application& application, const Arguments&, Output& output) {
  if (auto there = application.require_home(); !there) return there.error();
  block_daemon_signals();
  start_daemon_log(application, 1);
  auto daemon = made_daemon(application);
  if (!daemon) return daemon.error();
  if (auto ran = (*daemon)->run(); !ran) return ran.error();
  output.document({{"stopped", true}});
  return 0;
}

Result<int> learning_daemon_stop(Application& application, const Arguments& arguments,
                                 Output& output) {
  const auto seconds = arguments.count("--timeout");
  if (!seconds) return seconds.error();
  const auto running = running_daemon(application.home_path());
  if (!running) return running.error();
  if (!*running) {
    output.document({{"stopped", false}, {"pid", nullptr}});
    output.line("No daemon runs on this home.");
    return 0;
  }
  const std::string pid = std::to_string(**running);
  if (**running <= 0 || (::kill(**running, SIGTERM) != 0 && errno != ESRCH))
    return Error{ErrorKind::refused,
                 "cannot stop the daemon, pid " + pid + ": " +
                     (**running <= 0 ? "its pid file is empty" : std::strerror(errno)),
                 "stop it as the user and on the machine where it was started"};
  const auto gone = is_gone_within(application.home_path(), seconds->value_or(kStopSeconds));
  if (!gone) return gone.error();
  if (!*gone)
    return Error{ErrorKind::retryable,
                 "the daemon, pid " + pid + ", has not stopped yet: a call is at work",
                 "it stops when the call has ended; 'kill " + pid +
                     "' ends it at once, and its session can be gone on with"};
  output.document({{"stopped", true}, {"pid", **running}});
  output.line("The daemon, pid " + pid + ", has stopped.");
  return 0;
}

}  // namespace jarvis
