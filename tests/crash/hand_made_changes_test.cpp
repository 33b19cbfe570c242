// Hand-made changes that are checked in by a program that is killed. JARVIS_CRASHES: how many
// times.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "core/base/atomic_file.hpp"
#include "core/home/checkpoint/commit_log.hpp"
#include "core/home/checkpoint/git_checkpoint.hpp"
#include "core/session/record/recorder.hpp"
#include "tests/faults/rehearsal_home.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kTraces = 24;
constexpr int kFirstCalls = 120;  ///< the changes are checked in among these

int crashes() {
  const char* text = std::getenv("JARVIS_CRASHES");
  return text ? std::atoi(text) : 10;
}

struct ChangedHome : RehearsalHome {
  ChangedHome() : RehearsalHome({}, kTraces) {
    append("\n[learning.distillation.gate]\nbenchmark_subsample_size = 8\nnoise_confidence = 0\n");
    write("agents/old/system_prompt.md", "old\n");
    REQUIRE(run({"learning", "init"}).status == 0);
  }
  void append(const std::string& text) const { write("config.toml", read("config.toml") + text); }
  void change() const {
    append("\n[mine]\nadded = 1\n");
    write("agents/new/system_prompt.md", "new\n");
    fs::remove_all(home / "agents/old");
  }
  Finished killed(const std::vector<std::string>& words, int at) const {
    return run(words,
               {{"LD_PRELOAD", FAULT_INJECTION}, {"JARVIS_FAULT", "kill:" + std::to_string(at)}});
  }
  /** How many calls of a command change a file. */
  int calls(const std::vector<std::string>& words) const {
    const fs::path file = directory.path() / "calls";
    REQUIRE(run(words, {{"LD_PRELOAD", FAULT_INJECTION}, {"JARVIS_FAULT", "list:" + file.string()}})
                .status == 0);
    const auto letters = read_file(file);
    REQUIRE(letters);
    return static_cast<int>(letters->size());
  }
  void check_kept() const {
    CHECK(read("config.toml").find("[mine]\nadded = 1\n") != std::string::npos);
    CHECK(read("agents/new/system_prompt.md") == "new\n");
    CHECK_FALSE(fs::exists(home / "agents/old"));
  }
  std::ptrdiff_t commits_of(const std::string& subject) const {
    const auto log = commit_log(home, 100);
    REQUIRE(log);
    return std::count_if(log->begin(), log->end(),
                         [&](const CommitLine& line) { return line.subject == subject; });
  }
};

const std::vector<std::string> kRun{"learning", "run", "--autonomy", "auto"};
const std::vector<std::string> kBack{"learning", "rollback", "--last"};

}  // namespace

TEST_CASE("crash: hand-made changes that a killed session checked in are there, once") {
  std::random_device seed;
  const unsigned start = seed();
  std::mt19937 random(start);
  CAPTURE(start);
  for (int i = 0; i < crashes(); ++i) {
    const int at = std::uniform_int_distribution<int>(1, kFirstCalls)(random);
    CAPTURE(at);
    const ChangedHome world;
    world.change();
    world.killed(kRun, at);
    world.check_kept();
    const bool again = i % 2 == 1;
    if (again) world.append("more = 2\n");
    const auto next = world.run(kRun);
    CAPTURE(next.out);
    CAPTURE(next.err);
    CHECK(came_to_its_end(next));
    world.check_kept();
    CHECK(world.commits_of("Manual changes") <= (again ? 2 : 1));
    CHECK(world.commits_of("Manual changes") >= 1);
    check_promises(world.home);
  }
}

TEST_CASE("crash: a killed rollback on top of hand-made changes is finished or begun anew") {
  const auto prepared = [](const ChangedHome& world) {
    REQUIRE(world.run(kRun).status == 0);
    world.change();
  };
  const ChangedHome counted;
  prepared(counted);
  const int calls = counted.calls(kBack);
  REQUIRE(calls > 20);
  const std::string reverted = counted.read("config.toml");
  const int step = std::max(1, calls / crashes());
  for (int at = 1 + calls % step; at <= calls; at += step) {
    CAPTURE(at);
    const ChangedHome world;
    prepared(world);
    CHECK(world.killed(kBack, at).status != 0);
    world.check_kept();
    const auto next = world.run(kBack);
    CAPTURE(next.out);
    // Recovery may have come to its end with it already.
    CHECK((next.status == 0 || next.out.find("no session has applied edits") != std::string::npos));
    world.check_kept();
    CHECK(world.read("config.toml") == reverted);
    CHECK(world.commits_of("Manual changes") == 1);
    std::vector<BrokenSession> broken;
    const auto sessions = Recorder(world.home).sessions().list(broken);
    REQUIRE(sessions.size() == 1);
    CHECK(sessions[0].status == SessionStatus::rolled_back);
    for (const EditOutcome& outcome : sessions[0].outcomes)
      CHECK(outcome.status != EditStatus::applied);
    CHECK(GitCheckpoint(world.home).dirty_paths()->empty());
  }
}
