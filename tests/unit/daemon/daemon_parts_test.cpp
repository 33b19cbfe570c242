#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "core/daemon/background.hpp"
#include "core/daemon/facts.hpp"
#include "core/daemon/firing_process.hpp"
#include "core/daemon/pid_file.hpp"
#include "core/daemon/service_manager.hpp"
#include "core/daemon/state.hpp"
#include "tests/support/fakes/traces.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;
using Kind = FiringOutcome::Kind;

namespace {

/** The outcome, once the process has ended. */
FiringOutcome awaited(FiringProcess& process) {
  for (;;) {
    pollfd waiting{process.descriptor(), POLLIN, 0};
    ::poll(&waiting, 1, -1);
    if (auto outcome = process.take()) return *outcome;
  }
}

Session session(const std::string& id, SessionStatus status, const std::string& error = {},
                bool planned = true) {
  Session made;
  made.id = id;
  made.status = status;
  made.error_code = error;
  made.started_at = "2026-06-01T03:00:00Z";
  if (planned) made.plan_path = "learning/sessions/" + id + "/plan.json";
  return made;
}

/** A service manager's socket. */
class Listener {
 public:
  explicit Listener(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~Listener() { ::close(socket_); }
  std::string heard() const {
    char text[512];
    const ssize_t length = ::recv(socket_, text, sizeof text, MSG_DONTWAIT);
    return length > 0 ? std::string(text, static_cast<std::size_t>(length)) : "";
  }

 private:
  int socket_;
};

}  // namespace

TEST_CASE("fault: daemon.json corrupted or empty: it is set aside, told, and begun anew") {
  for (const char* text : {"", "not json", "[]", "{\"fired\":", "\xff\xfe"}) {
    const TemporaryDirectory home;
    home.write("learning/daemon.json", text);
    std::string aside;
    const auto state = load_daemon_state(home.path(), aside);
    REQUIRE(state.ok());
    CHECK(state->served_until == 0);
    CHECK(aside.find((home.path() / "learning/daemon.json.broken-").string()) == 0);
    CHECK(home.read("learning/" + std::filesystem::path(aside).filename().string()) == text);
    CHECK(read_daemon_state(home.path()).ok());
  }
}

TEST_CASE("daemon state: values of a wrong type are taken for none") {
  const TemporaryDirectory home;
  home.write("learning/daemon.json",
             R"({"served_until":"soon","fired":[1,"a"],"setbacks":1e300,"last":7,"rated":null})");
  std::string aside;
  const auto state = load_daemon_state(home.path(), aside);
  REQUIRE(state.ok());
  CHECK(aside.empty());
  CHECK(state->served_until == 0);
  CHECK(state->setbacks == 0);
  CHECK(state->fired == std::set<std::string>{"a"});
  CHECK(state->last.kind == Kind::none);
}

TEST_CASE("daemon state: comes back as it was written, in a private file") {
  const TemporaryDirectory home;
  std::filesystem::create_directories(home.path() / "learning");
  DaemonState state;
  state.served_until = 1780000000.25;
  state.checked_at = 3;
  state.hold_until = 4;
  state.setbacks = 5;
  state.look_setbacks = 6;
  state.fired = {"a", "b"};
  state.resumed_session = "session-1";
  state.resume_attempts = 2;
  state.rated_benchmark = "personal_v3";
  state.rated = 77;
  state.checks = 8;
  state.working = "cluster";
  state.working_since = 9;
  state.next_at = 10;
  state.config_error = "line 3";
  state.look_error = "database is locked";
  state.last = {
      Kind::not_started, "scheduled", "", "", 1, 2, 0.5, {ErrorKind::locked, "held", "wait"}};
  REQUIRE(save_daemon_state(home.path(), state).ok());
  const auto back = read_daemon_state(home.path());
  REQUIRE(back.ok());
  CHECK(back->served_until == state.served_until);
  CHECK(back->checked_at == 3);
  CHECK(back->hold_until == 4);
  CHECK(back->setbacks == 5);
  CHECK(back->look_setbacks == 6);
  CHECK(back->fired == state.fired);
  CHECK(back->resumed_session == "session-1");
  CHECK(back->resume_attempts == 2);
  CHECK(back->rated_benchmark == "personal_v3");
  CHECK(back->rated == 77);
  CHECK(back->checks == 8);
  CHECK(back->working == "cluster");
  CHECK(back->working_since == 9);
  CHECK(back->next_at == 10);
  CHECK(back->config_error == "line 3");
  CHECK(back->look_error == "database is locked");
  CHECK(back->last.kind == Kind::not_started);
  CHECK(back->last.error.kind == ErrorKind::locked);
  CHECK(back->last.error.message == "held");
  CHECK(std::filesystem::status(home.path() / "learning/daemon.json").permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("pid file: a second daemon is refused with the first one's pid") {
  const TemporaryDirectory home;
  auto first = PidFile::take(home.path());
  REQUIRE(first.ok());
  const auto second = PidFile::take(home.path());
  REQUIRE(!second.ok());
  CHECK(second.error().kind == ErrorKind::locked);
  CHECK(second.error().message ==
        "a daemon runs on this home already: pid " + std::to_string(::getpid()));
  CHECK(home.read("learning/daemon.pid") == std::to_string(::getpid()) + "\n");
}

TEST_CASE("pid file: that of a dead daemon is taken over, whoever has its number now") {
  const TemporaryDirectory home;
  home.write("learning/daemon.pid", "1\n");
  CHECK(!running_daemon(home.path())->has_value());
  {
    auto taken = PidFile::take(home.path());
    REQUIRE(taken.ok());
    CHECK(**running_daemon(home.path()) == ::getpid());
  }
  CHECK(!std::filesystem::exists(home.path() / "learning/daemon.pid"));
  CHECK(!running_daemon(home.path())->has_value());
}

TEST_CASE("pid file: a link in its place is not followed") {
  const TemporaryDirectory home;
  home.write("elsewhere", "precious");
  std::filesystem::create_directories(home.path() / "learning");
  std::filesystem::create_symlink(home.path() / "elsewhere", home.path() / "learning/daemon.pid");
  CHECK(!PidFile::take(home.path()).ok());
  CHECK(home.read("elsewhere") == "precious");
}

TEST_CASE("service manager: without one nothing is sent, and its variables are taken") {
  ::setenv("NOTIFY_SOCKET", "not-an-address", 1);
  ::setenv("WATCHDOG_USEC", "many", 1);
  const auto manager = ServiceManager::from_environment();
  manager.ready();
  manager.still_alive();
  CHECK(!manager.watchdog_seconds().has_value());
  CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
  CHECK(std::getenv("WATCHDOG_USEC") == nullptr);
  ::setenv("NOTIFY_SOCKET", "/nobody/listens/here", 1);
  ServiceManager::from_environment().ready();
  ::setenv("NOTIFY_SOCKET", ("/" + std::string(500, 'x')).c_str(), 1);
  ServiceManager::from_environment().ready();
}

TEST_CASE("service manager: hears what the daemon does") {
  const TemporaryDirectory directory;
  const std::string path = (directory.path() / "notify").string();
  const Listener listener(path);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  const auto manager = ServiceManager::from_environment();
  CHECK(*manager.watchdog_seconds() == 30);
  manager.ready();
  CHECK(listener.heard() == "READY=1");
  manager.status("waits for\nthe night");
  CHECK(listener.heard() == "STATUS=waits for the night");
  manager.reloading();
  CHECK(listener.heard().find("RELOADING=1\nMONOTONIC_USEC=") == 0);
  manager.still_alive();
  CHECK(listener.heard() == "WATCHDOG=1");
  manager.stopping();
  CHECK(listener.heard() == "STOPPING=1");
}

TEST_CASE("service manager: a watchdog for another process is none for this one") {
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  CHECK(!ServiceManager::from_environment().watchdog_seconds().has_value());
}

TEST_CASE("firing process: a crash, an exit and an exception are failures of that firing alone") {
  struct Ending {
    std::function<FiringOutcome()> work;
    const char* says;
  };
  const Ending endings[] = {
      {[]() -> FiringOutcome {
         ::raise(SIGKILL);
         return {};
       },
       "ended by signal 9"},
      {[]() -> FiringOutcome { ::_exit(7); }, "ended with status 7 and said nothing"},
      {[]() -> FiringOutcome { throw std::runtime_error("a plugin's fault"); },
       "a plugin's fault"}};
  for (const Ending& ending : endings) {
    auto process = FiringProcess::start(ending.work);
    REQUIRE(process.ok());
    const FiringOutcome outcome = awaited(**process);
    CHECK(outcome.kind == Kind::failed);
    CHECK(outcome.error.message.find(ending.says) != std::string::npos);
  }
}

TEST_CASE("firing process: its outcome comes whole, however long it is") {
  auto process = FiringProcess::start([] {
    FiringOutcome outcome;
    outcome.kind = Kind::done;
    outcome.session_id = "session-1";
    outcome.error.message = std::string(1 << 20, 'x');
    return outcome;
  });
  REQUIRE(process.ok());
  const FiringOutcome outcome = awaited(**process);
  CHECK(outcome.kind == Kind::done);
  CHECK(outcome.session_id == "session-1");
  CHECK(outcome.error.message.size() == 1 << 20);
}

TEST_CASE("firing process: one that is given up is ended") {
  pid_t pid = 0;
  {
    auto process = FiringProcess::start([]() -> FiringOutcome {
      for (;;) ::pause();
    });
    REQUIRE(process.ok());
    pid = (*process)->pid();
  }
  CHECK(::kill(pid, 0) == -1);
}

TEST_CASE("background: an error of the start comes back, and so does a start that says nothing") {
  const auto refused = run_in_background([](StartReport& report) {
    report.failed({ErrorKind::locked, "somebody is there", "wait"});
    return 1;
  });
  REQUIRE(!refused.ok());
  CHECK(refused.error().kind == ErrorKind::locked);
  CHECK(refused.error().message == "somebody is there");
  CHECK(refused.error().hint == "wait");
  const auto silent = run_in_background([](StartReport&) { return 0; });
  REQUIRE(!silent.ok());
  CHECK(silent.error().message == "the daemon ended while it started");
}

TEST_CASE("background: the process leads no session, has no terminal and stands in the root") {
  const TemporaryDirectory directory;
  const auto pid = run_in_background([&](StartReport& report) {
    const bool detached = ::getsid(0) != ::getpid() && std::filesystem::current_path() == "/" &&
                          ::isatty(0) == 0 && ::open("/dev/tty", O_RDWR) < 0;
    directory.write("found", detached ? "detached" : "attached");
    report.ready();
    return 0;
  });
  REQUIRE(pid.ok());
  CHECK(*pid > 0);
  CHECK(directory.read("found") == "detached");
}

TEST_CASE("facts: only a newest session that was killed, stopped or kept out is gone on with") {
  using S = SessionStatus;
  CHECK(session_to_resume({}).empty());
  CHECK(session_to_resume({session("a", S::completed)}).empty());
  CHECK(session_to_resume({session("a", S::awaiting_review)}).empty());
  CHECK(session_to_resume({session("a", S::rolled_back)}).empty());
  CHECK(session_to_resume({session("a", S::failed, "internal")}).empty());
  CHECK(session_to_resume({session("a", S::failed, "budget")}).empty());
  CHECK(session_to_resume({session("a", S::diagnosing, "", false)}).empty());
  CHECK(session_to_resume({session("b", S::completed), session("a", S::executing)}).empty());
  CHECK(session_to_resume({session("a", S::executing)}) == "a");
  CHECK(session_to_resume({session("a", S::failed, "cancelled")}) == "a");
  CHECK(session_to_resume({session("a", S::failed, "unavailable")}) == "a");
  // As it is left where another command was the first to find it.
  CHECK(session_to_resume({session("a", S::failed, "interrupted")}) == "a");
  CHECK(session_to_resume({session("a", S::failed, "interrupted", false)}).empty());
  CHECK(session_to_resume(
            {session("b", S::failed, "internal", false), session("a", S::executing)}) == "a");
}

TEST_CASE("facts: a session that came to nothing before its plan does not count") {
  using S = SessionStatus;
  CHECK(!reached_planning(session("a", S::failed, "unavailable", false)));
  CHECK(!reached_planning(session("a", S::diagnosing, "", false)));
  CHECK(reached_planning(session("a", S::planning, "", false)));
  CHECK(reached_planning(session("a", S::failed, "internal")));
  Session dropped = session("a", S::failed, "internal", false);
  dropped.clusters.resize(1);
  dropped.clusters[0].dropped = true;
  CHECK(!reached_planning(dropped));
  dropped.clusters[0].dropped = false;
  CHECK(reached_planning(dropped));
}

TEST_CASE("facts: traces and failures count from the last session that reached planning") {
  jarvis::testing::FakeTraces traces;
  for (int i = 0; i < 8; ++i) traces.add("boil the red kettle", i % 2 == 0 ? 0.2 : 0.9);
  Session last = session("a", SessionStatus::completed);
  last.started_at = "1970-01-01T00:00:03Z";
  TriggerRules rules;
  rules.triggers.cluster_failure_threshold = 0.2;
  const auto facts = gather_facts(traces, {last}, std::nullopt, rules, {});
  REQUIRE(facts.ok());
  CHECK(facts->traces == 8);
  CHECK(facts->rated == 8);
  CHECK(facts->since == 3);
  CHECK(facts->new_traces == 4);
  CHECK(facts->new_failures == 2);
  REQUIRE(facts->clusters.size() == 1);
  CHECK(facts->clusters[0].trace_ids == std::vector<std::string>{"trace-6", "trace-4"});
  CHECK(facts->failure_rates == std::vector<double>{0.5});

  const auto fired = gather_facts(traces, {last}, std::nullopt, rules, {"trace-6", "trace-4"});
  REQUIRE(fired.ok());
  CHECK(fired->new_failures == 0);
  CHECK(fired->clusters.empty());
  CHECK(gather_facts(traces, {}, std::nullopt, rules, {})->new_traces == 8);
}

TEST_CASE("facts: of very many failures the newest are grouped, in little memory") {
  jarvis::testing::FakeTraces traces;
  const std::string endless(20000, 'x');
  for (int i = 0; i < 5000; ++i) traces.add("boil kettle " + endless, 0);
  TriggerRules rules;
  const auto facts = gather_facts(traces, {}, std::nullopt, rules, {});
  REQUIRE(facts.ok());
  CHECK(facts->new_failures == 5000);
  REQUIRE(facts->clusters.size() == 1);
  CHECK(facts->clusters[0].trace_ids.size() == 2000);
  CHECK(facts->clusters[0].trace_ids.front() == "trace-4999");
}

TEST_CASE("facts: ratings from before the newest benchmark are told apart") {
  jarvis::testing::FakeTraces traces;
  for (int i = 0; i < 6; ++i) traces.add("boil the red kettle", 0.9);
  BenchmarkFile benchmark;
  benchmark.benchmark.version = "personal_v2";
  benchmark.provenance.push_back({"personal_v2", "1970-01-01T00:00:02Z", "", "", "", 0, {}, {}});
  const auto facts = gather_facts(traces, {}, benchmark, TriggerRules(), {});
  REQUIRE(facts.ok());
  CHECK(facts->benchmark == "personal_v2");
  CHECK(facts->rated == 6);
  CHECK(facts->rated_before_benchmark == 3);
}
