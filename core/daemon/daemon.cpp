#include "core/daemon/daemon.hpp"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <ctime>

#include "core/daemon/clock_watch.hpp"
#include "core/daemon/firing_process.hpp"
#include "core/daemon/local_time.hpp"

namespace jarvis {

namespace {

constexpr double kLongestSleep = 60;  ///< so that a clock that was set is noticed

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

sigset_t waited_for() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

}  // namespace

double wall_clock() {
  return seconds_of(CLOCK_REALTIME);
}

void block_daemon_signals() {
  const sigset_t signals = waited_for();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
}

struct Daemon::Loop {
  Loop(DaemonParts given, TriggerRules rules, DaemonState state, PidFile file,
       ServiceManager service_manager)
      : parts(std::move(given)),
        pid_file(std::move(file)),
        manager(std::move(service_manager)),
        scheduler(std::move(rules), std::move(state), wall_clock()),
        clock_watch(wall_clock(), seconds_of(CLOCK_BOOTTIME)),
        metrics("what serves the metrics", [this] { let_go(); }) {}

  Result<void> run() {
    const sigset_t signals = waited_for();
    signal_descriptor = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signal_descriptor < 0)
      return Error{ErrorKind::io, std::string("cannot wait for signals: ") + std::strerror(errno),
                   ""};
    scheduler.state().working.clear();
    metrics.look(wall_clock());
    manager.ready();
    spdlog::info("the daemon runs, pid {}", ::getpid());
    while (!(stopping && !firing)) {
      notice_clock();
      if (!firing && !stopping) look_if_due();
      if (stopping && !firing) break;
      wait();
    }
    ::close(signal_descriptor);
    scheduler.state().next_at = 0;
    save();
    spdlog::info("the daemon stops");
    return {};
  }

  void notice_clock() {
    const auto moved = clock_watch.look(wall_clock(), seconds_of(CLOCK_BOOTTIME));
    if (!moved) return;
    spdlog::warn("the clock was set by {:+.0f} s", *moved);
    scheduler.clock_was_set(wall_clock());
  }

  void look_if_due() {
    const auto next = scheduler.next_look();
    if (!next || *next > wall_clock()) return;
    const auto facts = parts.facts(scheduler.rules(), scheduler.state().fired);
    if (!facts) {
      spdlog::error("cannot look at the home: {}", facts.error().message);
      scheduler.could_not_look(facts.error().message, wall_clock());
      return say(facts.error().message);
    }
    const auto decided = scheduler.decide(*facts, wall_clock());
    if (decided) return begin(*decided);
    const Explanation explanation = scheduler.explain(*facts, wall_clock());
    spdlog::debug("nothing to do: scheduled: {}; cluster: {}", explanation.scheduled,
                  explanation.cluster);
    say("waits for " + explanation.waits_for);
  }

  void begin(const Firing& wanted) {
    firing = wanted;
    DaemonState& state = scheduler.state();
    state.working = wanted.name();
    state.working_since = wall_clock();
    say("works: " + wanted.name());
    spdlog::info("begins: {}", wanted.name());
    auto started = FiringProcess::start([&] {
      let_go();
      metrics.let_go();
      return parts.carry_out(wanted);
    });
    if (started) {
      process = std::move(*started);
      return;
    }
    FiringOutcome outcome;
    outcome.kind = FiringOutcome::Kind::not_started;
    outcome.error = started.error();
    end(outcome);
  }

  /** In a process that was forked off: what is the daemon's alone. */
  void let_go() {
    pid_file.let_go();
    if (signal_descriptor >= 0) ::close(signal_descriptor);
  }

  /** Where the rules say so, or no longer. What cannot be had leaves another port as it is. */
  Result<void> serve_metrics(const std::optional<ListenAddress>& wanted) {
    if (wanted == metrics_address) return {};
    if (wanted && metrics_address && wanted->port == metrics_address->port) {
      // A port is given away before it can be taken at another address.
      metrics.replace({}, wall_clock());
      metrics_address.reset();
    }
    SideProcess::Work work;
    if (wanted && parts.metrics) {
      auto made = parts.metrics(*wanted);
      if (!made) return made.error();
      work = std::move(*made);
    }
    metrics.replace(std::move(work), wall_clock());
    metrics_address = wanted;
    return {};
  }

  void end(FiringOutcome outcome) {
    DaemonState& state = scheduler.state();
    outcome.trigger = firing->name();
    outcome.started_at = state.working_since;
    outcome.ended_at = wall_clock();
    if (outcome.error.message.empty())
      spdlog::info("{}: session {}, {}", outcome.trigger, outcome.session_id, outcome.status);
    else
      spdlog::error("{}: {}{}", outcome.trigger,
                    outcome.session_id.empty() ? "" : "session " + outcome.session_id + ": ",
                    outcome.error.message);
    process.reset();
    state.working.clear();
    state.working_since = 0;
    scheduler.ended(*firing, outcome, wall_clock());
    firing.reset();
    say("waits");
  }

  /** Tells the service manager, and whoever asks for the status. */
  void say(const std::string& text) {
    manager.status(text);
    scheduler.state().next_at = scheduler.next_look().value_or(0);
    save();
  }

  void save() {
    if (auto saved = save_daemon_state(parts.home, scheduler.state()); !saved)
      spdlog::error("{}", saved.error().message);
  }

  /** Seconds until something is to be done. */
  double patience() const {
    double seconds = kLongestSleep;
    if (!firing)
      if (const auto next = scheduler.next_look())
        seconds = std::min(seconds, *next - wall_clock());
    if (const auto start = metrics.next_start()) seconds = std::min(seconds, *start - wall_clock());
    if (const auto watchdog = manager.watchdog_seconds())
      seconds = std::min(seconds, *watchdog / 2);
    return std::max(seconds, 0.0);
  }

  void wait() {
    pollfd waiting[3] = {{signal_descriptor, POLLIN, 0},
                         {process ? process->descriptor() : -1, POLLIN, 0},
                         {metrics.descriptor(), POLLIN, 0}};
    // Rounded up: to wake just before it is time would be to wake in vain.
    ::poll(waiting, 3, static_cast<int>(std::ceil(patience() * 1000)));
    manager.still_alive();
    metrics.look(wall_clock());
    signalfd_siginfo signal{};
    while (::read(signal_descriptor, &signal, sizeof signal) ==
           static_cast<ssize_t>(sizeof signal)) {
      if (signal.ssi_signo == SIGHUP)
        reload();
      else
        stop();
    }
    if (!process) return;
    if (auto outcome = process->take()) end(std::move(*outcome));
  }

  void stop() {
    if (process) {
      process->signal(stopping ? SIGKILL : SIGTERM);
      if (!stopping) say("stops when the call at work has ended");
    }
    if (!stopping) manager.stopping();
    stopping = true;
  }

  void reload() {
    manager.reloading();
    auto rules = parts.rules();
    if (rules)
      if (auto served = serve_metrics(rules->metrics); !served) rules = served.error();
    DaemonState& state = scheduler.state();
    state.config_error = rules ? "" : rules.error().message;
    if (rules) {
      spdlog::info("config.toml was read again");
      scheduler.reload(std::move(*rules), wall_clock());
    } else {
      spdlog::error("config.toml is not taken over, the former settings stay: {}",
                    rules.error().message);
    }
    manager.ready();
    say(rules ? "has read config.toml again" : "config.toml is wrong: " + state.config_error);
  }

  DaemonParts parts;
  PidFile pid_file;
  ServiceManager manager;
  Scheduler scheduler;
  ClockWatch clock_watch;
  SideProcess metrics;
  std::optional<ListenAddress> metrics_address;
  int signal_descriptor = -1;
  std::optional<Firing> firing;
  std::unique_ptr<FiringProcess> process;
  bool stopping = false;
};

Daemon::Daemon(DaemonParts parts, TriggerRules rules, DaemonState state, PidFile pid_file,
               ServiceManager manager)
    : loop_(std::make_unique<Loop>(std::move(parts), std::move(rules), std::move(state),
                                   std::move(pid_file), std::move(manager))) {}

Daemon::~Daemon() = default;

Result<void> Daemon::listen_for_metrics() {
  return loop_->serve_metrics(loop_->scheduler.rules().metrics);
}

Result<void> Daemon::run() {
  return loop_->run();
}

}  // namespace jarvis
