// The daemon as a user meets it. JARVIS_DAEMON_CHECKS says how many looks the soak takes.
#include <doctest/doctest.h>
#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kTriggers{"learning", "distillation", "triggers"};

std::vector<std::string> trigger_key(const std::string& name) {
  auto path = kTriggers;
  path.push_back(name);
  return path;
}

/** A world whose daemon is stopped with it, and whose triggers do nothing by themselves. */
class DaemonWorld : public World {
 public:
  explicit DaemonWorld(FakeBehaviour behaviour = {}, std::size_t traces = 60)
      : World(std::move(behaviour), traces) {
    set_config(home, trigger_key("scheduled_cron"), "0 0 1 1 *");
    set_config(home, trigger_key("cluster_enabled"), false);
    environment["TZ"] = "CET-1CEST,M3.5.0,M10.5.0/3";
  }
  ~DaemonWorld() { run({"learning", "daemon", "stop", "--timeout", "20"}); }

  Finished daemon(const std::string& verb) const { return run({"learning", "daemon", verb}); }

  /** Has a scheduled run be due at the start. */
  void miss_a_run() const { write("learning/daemon.json", R"({"served_until":1000000000})"); }

  pid_t started() const {
    const auto finished = daemon("start");
    REQUIRE_MESSAGE(finished.status == 0, finished.out << finished.err);
    return static_cast<pid_t>(finished.json().at("pid").as_int64());
  }

  json::object status() const { return daemon("status").json(); }

  json::object state() const {
    boost::system::error_code error;
    const auto document = json::parse(read("learning/daemon.json"), error);
    return !error && document.is_object() ? document.as_object() : json::object();
  }

  /** Until it holds; fails after a long time. */
  void wait_until(const std::function<bool()>& holds) const {
    for (int i = 0; i < 6000; ++i) {
      if (holds()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    FAIL("waited in vain:\n" << read("learning/logs/daemon.log") << read("learning/daemon.json"));
  }

  std::int64_t checks() const {
    const auto document = state();
    const auto* count = document.if_contains("checks");
    return count && count->is_int64() ? count->as_int64() : 0;
  }

  std::vector<json::value> sessions() const {
    const auto document = run({"learning", "history"}).json();
    const auto& list = document.at("sessions").as_array();
    return {list.begin(), list.end()};
  }

  std::string last_kind() const { return text_at(state(), "/last/kind"); }
};

FakeBehaviour slow(int milliseconds) {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  behaviour.latency = std::chrono::milliseconds(milliseconds);
  return behaviour;
}

/** A process that has ended counts as gone also where nobody asks for its status. */
bool lives(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(')');
  return name_end != std::string::npos && text.size() > name_end + 2 && text[name_end + 2] != 'Z';
}

/** Kilobytes of the process that are its own, in memory. */
long resident(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("RssAnon:", 0) == 0) return std::atol(line.c_str() + 8);
  return 0;
}

}  // namespace

TEST_CASE("daemon: stop and status where none runs are no errors") {
  const DaemonWorld world;
  const auto stopped = world.daemon("stop");
  CHECK(stopped.status == 0);
  CHECK(stopped.json().at("stopped") == false);
  const auto status = world.daemon("status");
  CHECK(status.status == 0);
  CHECK(status.json().at("running") == false);
  CHECK(status.json().at("next_run").is_null());
  CHECK(world.say({"learning", "daemon", "status"}).out.find("does not run") != std::string::npos);
}

TEST_CASE("daemon: a wrong cron expression is refused at the start, by its key") {
  const DaemonWorld world;
  set_config(world.home, trigger_key("scheduled_cron"), "61 * * * *");
  for (const char* verb : {"start", "run"}) {
    const auto finished = world.daemon(verb);
    CHECK(finished.status == 1);
    const std::string message = text_at(finished.json(), "/error/message");
    CHECK(message.find("triggers.scheduled_cron") != std::string::npos);
    CHECK(message.find("wrong minute: '61'") != std::string::npos);
  }
  CHECK(!fs::exists(world.home / "learning/daemon.pid"));
  CHECK(text_at(world.status(), "/problem").find("scheduled_cron") != std::string::npos);
}

TEST_CASE("daemon: learning that is switched off starts none, a home that is not there neither") {
  const DaemonWorld world;
  set_config(world.home, {"learning", "distillation", "enabled"}, false);
  const auto off = world.daemon("start");
  CHECK(off.status == 1);
  CHECK(text_at(off.json(), "/error/message").find("enabled is false") != std::string::npos);
  CHECK(text_at(world.status(), "/waits_for").find("enabled is false") != std::string::npos);
  Launch launch{{JARVIS_PROGRAM, "--home", (world.directory.path() / "nowhere").string(),
                 "learning", "daemon", "start"},
                world.environment,
                world.directory.path()};
  const auto nowhere = run_program(launch);
  CHECK(nowhere.status == 1);
  CHECK(nowhere.err.find("there is no home at") != std::string::npos);
}

TEST_CASE("daemon: a second one is refused with the pid of the first, a dead one's file is taken") {
  const DaemonWorld world;
  world.write("learning/daemon.pid", "1\n");
  const pid_t pid = world.started();
  CHECK(world.read("learning/daemon.pid") == std::to_string(pid) + "\n");
  for (const char* verb : {"start", "run"}) {
    const auto second = world.daemon(verb);
    CHECK(second.status == 4);
    CHECK(text_at(second.json(), "/error/message").find(std::to_string(pid)) != std::string::npos);
  }
  CHECK(world.status().at("running") == true);
  const auto stopped = world.daemon("stop");
  CHECK(stopped.status == 0);
  CHECK(stopped.json().at("pid") == pid);
  world.wait_until([&] { return !lives(pid); });
  CHECK(!fs::exists(world.home / "learning/daemon.pid"));
  CHECK(world.models.calls().empty());
}

TEST_CASE("daemon: after a SIGKILL the next one starts as if nothing had been") {
  const DaemonWorld world;
  const pid_t pid = world.started();
  REQUIRE(::kill(pid, SIGKILL) == 0);
  world.wait_until([&] { return world.status().at("running") == false; });
  CHECK(world.started() != pid);
}

TEST_CASE("daemon: below min_traces there is no call and no session, and status says why") {
  const DaemonWorld world({}, 12);
  set_config(world.home, trigger_key("cluster_enabled"), true);
  world.miss_a_run();
  world.started();
  world.wait_until([&] { return world.checks() > 0; });
  const auto status = world.status();
  CHECK(text_at(status, "/waits_for") == "Not enough traces yet: 12 of 20");
  CHECK(text_at(status, "/triggers/scheduled/reason") == "Not enough traces yet: 12 of 20");
  CHECK(text_at(status, "/triggers/cluster/reason") == "Not enough traces yet: 12 of 20");
  CHECK(status.at("last_outcome").is_null());
  CHECK(text_at(status, "/next_run").find("-01-01T00:00:00+01:00") != std::string::npos);
  CHECK(world.models.calls().empty());
  CHECK(world.sessions().empty());
}

TEST_CASE("daemon: a missed run is made good for, as 'learning run' would have done it") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  const DaemonWorld world(behaviour), reference(behaviour);
  world.miss_a_run();
  world.started();
  world.wait_until([&] { return world.last_kind() == "done"; });
  const auto sessions = world.sessions();
  REQUIRE(sessions.size() == 1);
  CHECK(text_at(sessions[0], "/trigger") == "scheduled");
  const auto shown = world.run({"learning", "show", text_at(sessions[0], "/id")}).json();
  CHECK(statuses(shown) == statuses(reference.run({"learning", "run"}).json()));
  const auto recorded =
      json::parse(world.read("learning/sessions/" + text_at(sessions[0], "/id") + "/session.json"));
  CHECK(text_at(recorded, "/trigger_metadata/cron") == "0 0 1 1 *");
  CHECK(!text_at(recorded, "/trigger_metadata/missed_run_of").empty());
  const auto status = world.status();
  CHECK(text_at(status, "/last_outcome/session_id") == text_at(sessions[0], "/id"));
  CHECK(text_at(status, "/last_outcome/kind") == "done");
  CHECK(world.daemon("stop").status == 0);
  CHECK(world.sessions().size() == 1);
}

TEST_CASE("daemon: alike failures start one session, with their traces, and no second one") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  const DaemonWorld world(behaviour);
  set_config(world.home, trigger_key("scheduled_enabled"), false);
  set_config(world.home, trigger_key("cluster_enabled"), true);
  const pid_t pid = world.started();
  world.wait_until([&] { return world.last_kind() == "done"; });
  const auto sessions = world.sessions();
  REQUIRE(sessions.size() == 1);
  CHECK(text_at(sessions[0], "/trigger") == "cluster");
  const auto recorded =
      json::parse(world.read("learning/sessions/" + text_at(sessions[0], "/id") + "/session.json"));
  const auto& ids = recorded.at("trigger_trace_ids").as_array();
  CHECK(ids.size() >= 5);
  CHECK(recorded.at_pointer("/trigger_metadata/trace_ids") == ids);
  for (int i = 0; i < 3; ++i) {
    const auto before = world.checks();
    REQUIRE(::kill(pid, SIGHUP) == 0);
    world.wait_until([&] { return world.checks() > before; });
  }
  CHECK(world.sessions().size() == 1);
}

TEST_CASE("daemon: what was changed by hand is checked in before its session") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  const DaemonWorld world(behaviour);
  REQUIRE(world.run({"learning", "init"}).status == 0);
  world.miss_a_run();
  world.write("agents/new/system_prompt.md", "mine\n");
  world.started();
  world.wait_until([&] { return world.last_kind() == "done"; });
  CHECK(world.commits().size() == 3);
  CHECK(world.commits().at(1) == "Manual changes\n");
  CHECK(world.read("agents/new/system_prompt.md") == "mine\n");
  const auto id = text_at(world.sessions().at(0), "/id");
  CHECK(world.run({"learning", "show", id}).out.find("checked in your changes to agents/new") !=
        std::string::npos);
}

TEST_CASE(
    "daemon: while its session works others are kept out, reading, asking and rating are not") {
  const DaemonWorld world(slow(150));
  set_config(world.home, trigger_key("scheduled_min_new_traces"), 0);
  const auto queued = world.run({"learning", "run", "--autonomy", "manual"}).json();
  REQUIRE(world.run({"learning", "rollback", "--last"}).status == 1);
  world.miss_a_run();
  world.started();
  const int before = world.models.count(FakeCall::Part::diagnosis);
  world.wait_until([&] { return world.models.count(FakeCall::Part::diagnosis) > before; });
  const std::vector<std::vector<std::string>> kept_out{
      {"learning", "run"},
      {"learning", "approve", text_at(queued, "/edits/0/id")},
      {"learning", "rollback", "--last"},
      {"learning", "benchmark", "refresh"}};
  for (const auto& words : kept_out) {
    const auto finished = world.run(words);
    CAPTURE(words[1]);
    CHECK_MESSAGE(finished.status == 4, finished.out);
    CHECK(text_at(finished.json(), "/error/message").find("learning daemon (scheduled)") !=
          std::string::npos);
  }
  CHECK(world.run({"learning", "history"}).status == 0);
  CHECK(world.run({"learning", "status"}).status == 0);
  CHECK(world.run({"traces", "list"}).status == 0);
  CHECK(text_at(world.status(), "/working/trigger") == "scheduled");
  const auto asked = world.run({"ask", question(3)});
  CHECK_MESSAGE(asked.status == 0, asked.out);
  CHECK(world.run({"feedback", "thumbs", "--last", "--up"}).status == 0);
  CHECK(text_at(world.status(), "/working/trigger") == "scheduled");
}

TEST_CASE("daemon: an idle one keeps nobody out") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  const DaemonWorld world(behaviour);
  world.started();
  CHECK(world.run({"learning", "run"}).status == 0);
}

TEST_CASE("daemon: stopped in a session it leaves it so that the next one goes on with it") {
  const DaemonWorld world(slow(40));
  World reference(slow(0));
  const auto expected = reference.run({"learning", "run"}).json();
  world.miss_a_run();
  const pid_t pid = world.started();
  world.wait_until([&] { return world.models.count(FakeCall::Part::plan) > 0; });
  const int before = world.models.count(FakeCall::Part::student);
  world.wait_until([&] { return world.models.count(FakeCall::Part::student) > before + 5; });
  const auto stopped = world.daemon("stop");
  REQUIRE_MESSAGE(stopped.status == 0, stopped.out);
  world.wait_until([&] { return !lives(pid); });
  CHECK(world.last_kind() == "stopped");
  REQUIRE(world.sessions().size() == 1);
  CHECK(text_at(world.sessions()[0], "/status") == "failed");

  world.started();
  world.wait_until([&] { return world.last_kind() == "done"; });
  CHECK(text_at(world.state(), "/last/trigger") == "resume");
  REQUIRE(world.sessions().size() >= 1);
  const auto oldest = world.sessions().back();
  const auto shown = world.run({"learning", "show", text_at(oldest, "/id")}).json();
  CHECK(statuses(shown) == statuses(expected));
}

TEST_CASE("daemon: SIGHUP takes a good configuration over and keeps the old one for a bad one") {
  const DaemonWorld world;
  const pid_t pid = world.started();
  const std::string good = world.config();
  world.write("config.toml", good + "\n[learning.distillation\n");
  REQUIRE(::kill(pid, SIGHUP) == 0);
  world.wait_until([&] { return !text_at(world.state(), "/config_error").empty(); });
  CHECK(lives(pid));
  const auto broken = world.status();
  CHECK(broken.at("running") == true);
  CHECK(text_at(broken, "/config_error").find("config.toml") != std::string::npos);
  world.write("config.toml", good);
  set_config(world.home, trigger_key("scheduled_cron"), "30 4 * * *");
  REQUIRE(::kill(pid, SIGHUP) == 0);
  world.wait_until([&] { return text_at(world.state(), "/config_error").empty(); });
  CHECK(text_at(world.status(), "/next_run").find("T04:30:00+0") != std::string::npos);
  CHECK(world.models.calls().empty());
}

TEST_CASE("daemon: a server that is away pauses it, and status tells for how long and why") {
  const DaemonWorld world;
  set_config(world.home, {"learning", "distillation", "student", "base_url"}, "http://127.0.0.1:9");
  world.miss_a_run();
  world.started();
  world.wait_until([&] { return world.last_kind() == "not_started"; });
  const auto status = world.status();
  CHECK(!status.at("hold_until").is_null());
  CHECK(text_at(status, "/waits_for").find("a pause until") == 0);
  CHECK(!text_at(status, "/last_outcome/error/message").empty());
  CHECK(world.sessions().empty());
}

TEST_CASE("daemon: status tells a failed look apart from the last session, until one succeeds") {
  const DaemonWorld world;
  const pid_t pid = world.started();
  CHECK(world.status().at("look_error").is_null());
  const std::string good = world.read("traces.db");
  world.write("traces.db", "no database");
  set_config(world.home, trigger_key("cluster_enabled"), true);
  REQUIRE(::kill(pid, SIGHUP) == 0);
  world.wait_until([&] { return !text_at(world.state(), "/look_error").empty(); });
  const auto failed = world.status();
  CHECK(text_at(failed, "/look_error").find("traces.db") != std::string::npos);
  CHECK(failed.at("last_outcome").is_null());
  world.write("traces.db", good);
  REQUIRE(::kill(pid, SIGHUP) == 0);
  world.wait_until([&] { return text_at(world.state(), "/look_error").empty(); });
  CHECK(world.status().at("look_error").is_null());
}

TEST_CASE("daemon: many looks at the home take no more memory than a few") {
  const DaemonWorld world;
  set_config(world.home, trigger_key("cluster_enabled"), true);
  set_config(world.home, trigger_key("cluster_min_size"), 1000);
  const char* wanted = std::getenv("JARVIS_DAEMON_CHECKS");
  const std::int64_t many = wanted ? std::atoll(wanted) : 300;
  const pid_t pid = world.started();
  const auto look = [&](std::int64_t until) {
    while (world.checks() < until) {
      const auto before = world.checks();
      REQUIRE(::kill(pid, SIGHUP) == 0);
      for (int i = 0; i < 20000 && world.checks() == before; ++i)
        std::this_thread::sleep_for(std::chrono::microseconds(500));
      REQUIRE(world.checks() > before);
    }
  };
  world.wait_until([&] { return world.checks() > 0; });
  look(many / 10);
  const long before = resident(pid);
  look(many);
  const long after = resident(pid);
  MESSAGE("after " << many / 10 << " looks " << before << " kB, after " << many << " " << after
                   << " kB");
  REQUIRE(before > 0);
  CHECK(after - before < 1024);
  CHECK(world.models.calls().empty());
}
