#include <doctest/doctest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/isolation/processes.hpp"
#include "tests/isolation/world.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** A host in a process of its own, which uses one plugin. */
class OtherHost {
 public:
  explicit OtherHost(const std::string& fault) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = SHORT_LIVED_HOST, name = fault;
    char* words[] = {program.data(), name.data(), nullptr};
    const int failed = ::posix_spawn(&process_, program.c_str(), &actions, nullptr, words, environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    said_ = ends[0];
    REQUIRE(failed == 0);
  }
  ~OtherHost() {
    kill();
    ::close(said_);
  }

  void wait_for_line(const std::string& line) const {
    std::string text;
    char piece = 0;
    while (text.find(line) == std::string::npos && ::read(said_, &piece, 1) == 1) text += piece;
    REQUIRE(text.find(line) != std::string::npos);
  }

  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
  }

  pid_t process() const { return process_; }

 private:
  pid_t process_ = -1;
  int said_ = -1;
};

std::vector<pid_t> still_running(const std::vector<pid_t>& processes) {
  std::vector<pid_t> running;
  for (const pid_t process : processes)
    if (is_running(process)) running.push_back(process);
  return running;
}

}  // namespace

TEST_CASE("life: when the host is killed its plugins' processes end, whatever they are doing") {
  for (const char* fault : {"sound", "loops_for_ever", "hangs_in_init", "forks_and_stays",
                            "hangs_in_deinit", "floods_the_log"}) {
    CAPTURE(fault);
    OtherHost host(fault);
    host.wait_for_line("loading");
    std::vector<pid_t> started;
    const std::size_t expected = std::string(fault) == "forks_and_stays" ? 2 : 1;
    REQUIRE(eventually([&] {
      started = in_sessions_of(children_of(host.process()));
      return started.size() == expected;
    }));
    // It has to be busy, not only started.
    if (expected == 2 || std::string(fault) == "sound") host.wait_for_line("called");
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    host.kill();
    CHECK(eventually([&] { return still_running(started).empty(); }));
  }
}

TEST_CASE("life: one of eight calls at once crashes, and the other seven are answered") {
  FaultWorld world;
  const auto plugin = world.load("segfaults");
  REQUIRE(plugin.ok());
  for (int round = 0; round < 3; ++round) {
    std::atomic<int> answered{0}, crashed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, i] {
        const auto outcome =
            world.call(**plugin, PluginFunction::teacher_generate, i == 3 ? "" : kBeGood);
        if (outcome)
          ++answered;
        else if (outcome.error().message.find("crashed in 'generate'") != std::string::npos)
          ++crashed;
      });
    for (std::thread& thread : threads) thread.join();
    CHECK(answered == 7);
    CHECK(crashed == 1);
  }
}

TEST_CASE("life: calls one after the other share a process") {
  FaultWorld world;
  const auto plugin = world.load("sound");
  REQUIRE(plugin.ok());
  const auto first = children_of(::getpid());
  REQUIRE(first.size() == 1);
  for (int i = 0; i < 10; ++i) REQUIRE(world.call(**plugin, PluginFunction::tool_call, "").ok());
  CHECK(children_of(::getpid()) == first);
}

TEST_CASE("life: a process that somebody killed meanwhile is not the next call's fault") {
  FaultWorld world;
  const auto plugin = world.load("sound");
  REQUIRE(plugin.ok());
  const auto processes = children_of(::getpid());
  REQUIRE(processes.size() == 1);
  ::kill(processes.front(), SIGKILL);
  REQUIRE(eventually([&] { return !is_running(processes.front()); }));
  CHECK(told(world.call(**plugin, PluginFunction::tool_call, "")) == "ok");
}

TEST_CASE("life: time that the host spends in a service is not the plugin's") {
  IsolationLimits limits;
  limits.call_seconds = 0.5;
  FaultWorld world(limits);
  const auto plugin = world.load("calls_back");
  REQUIRE(plugin.ok());
  CallContext context;
  context.services = [](const std::string&, const json::object& request) {
    if (request.at("number") == 0) std::this_thread::sleep_for(std::chrono::milliseconds(700));
    return Result<json::object>(request);
  };
  CHECK(told(world.call(**plugin, PluginFunction::tool_call, "", context)) == "ok");
}

TEST_CASE("life: a service that fails is told to the plugin, and so is one that is not there") {
  FaultWorld world;
  const auto plugin = world.load("calls_back");
  REQUIRE(plugin.ok());
  CHECK(told(world.call(**plugin, PluginFunction::tool_call, "")) ==
        "service 'echo' is not offered here");
  CallContext context;
  context.services = [](const std::string&, const json::object&) {
    return Result<json::object>(Error{ErrorKind::retryable, "not today", "tomorrow", 7});
  };
  const auto failed = world.call(**plugin, PluginFunction::tool_call, "", context);
  REQUIRE(!failed.ok());
  CHECK(failed.error().message == "not today");
  CHECK(failed.error().hint == "tomorrow");
  CHECK(failed.error().kind == ErrorKind::retryable);
  CHECK(failed.error().retry_after_ms == 7);
}

TEST_CASE("life: large texts go both ways in one call") {
  FaultWorld world;
  const auto plugin = world.load("sound");
  REQUIRE(plugin.ok());
  const std::string words(std::size_t{8} << 20, 'x');
  const auto answer = world.call(**plugin, PluginFunction::student_run, words);
  REQUIRE_MESSAGE(answer.ok(), told(answer));
  CHECK(answer->at("output").as_string() == words);
}

TEST_CASE("life: a request that is too long is refused, and the process serves the next one") {
  FaultWorld world;
  const auto plugin = world.load("sound");
  REQUIRE(plugin.ok());
  const auto processes = children_of(::getpid());
  const auto refused =
      world.call(**plugin, PluginFunction::student_run, std::string(std::size_t{65} << 20, 'x'));
  CHECK(told(refused) == "the request to 'run' of plugin 'sound' is longer than 64 MiB");
  CHECK(told(world.call(**plugin, PluginFunction::student_run, "")) == "ok");
  CHECK(children_of(::getpid()) == processes);
}
