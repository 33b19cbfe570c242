// Sessions on the rehearsal plugins that end at any call that changes a file, and calls that fail.
// JARVIS_CRASHES: how many are killed; JARVIS_FAULT_STRIDE: every how-manieth call fails once, from
// the JARVIS_FAULT_FROM-th on.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>

#include "core/base/atomic_file.hpp"
#include "core/home/checkpoint/commit_log.hpp"
#include "core/session/record/recorder.hpp"
#include "tests/faults/rehearsal_home.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

int number_from(const char* name, int fallback) {
  const char* text = std::getenv(name);
  return text ? std::atoi(text) : fallback;
}

/** Enough for a session, and few, so that a session makes few calls. */
constexpr std::size_t kTraces = 24;
constexpr char kFewTasks[] =
    "\n[learning.distillation.gate]\nbenchmark_subsample_size = 8\nnoise_confidence = 0\n"
    // Else the practice tasks, drawn by chance, may hold none that the student fails.
    "\n[learning.distillation.benchmark]\nholdout_share = 0.5\n";

/** A home with rehearsal plugins and no session yet. */
struct CrashHome : RehearsalHome {
  CrashHome() : RehearsalHome({}, kTraces) {
    std::ofstream(home / "config.toml", std::ios::app) << kFewTasks;
  }

  Finished run(const std::vector<std::string>& words, const std::string& fault = {}) const {
    if (fault.empty()) return RehearsalHome::run(words);
    return RehearsalHome::run(words, {{"LD_PRELOAD", FAULT_INJECTION}, {"JARVIS_FAULT", fault}});
  }
  Finished session(const std::string& fault = {}) const {
    return run({"learning", "run", "--autonomy", "auto"}, fault);
  }
  /** The calls of a whole session that change a file, a letter each. */
  std::string calls() const {
    const fs::path file = directory.path() / "calls";
    REQUIRE(session("list:" + file.string()).status == 0);
    const auto letters = read_file(file);
    REQUIRE(letters);
    return *letters;
  }
};

/** How a call of this kind can go wrong. */
std::vector<std::string> faults_of(char letter) {
  switch (letter) {
    case 'w':
      return {"ENOSPC", "EIO", "short"};
    case 's':
      return {"EIO"};
    case 'm':
      return {"ENOSPC", "EACCES"};
    default:
      return {"EIO", "EACCES"};
  }
}

/** What is true after every end, and that nothing was taken for a change made by hand. */
void check_all(const fs::path& home) {
  check_promises(home);
  const auto log = commit_log(home, 100);
  REQUIRE(log);
  for (const CommitLine& commit : *log) CHECK(commit.subject != "Manual changes");
}

bool came_to_an_end(const fs::path& home) {
  std::vector<BrokenSession> broken;
  const auto sessions = Recorder(home).sessions().list(broken);
  return std::any_of(sessions.begin(), sessions.end(), [](const Session& session) {
    return session.status == SessionStatus::completed ||
           session.status == SessionStatus::awaiting_review;
  });
}

/** Goes on as a user would: resumes what can be, else runs; what came to its end is left so. */
Finished go_on(const CrashHome& world) {
  const auto resumed = world.run({"learning", "resume"});
  if (resumed.status == 0) return resumed;
  return came_to_an_end(world.home) ? world.run({"learning", "status"}) : world.session();
}

}  // namespace

TEST_CASE("crash: a session killed at any change of a file leaves nothing half done") {
  const int calls = static_cast<int>(CrashHome().calls().size());
  REQUIRE(calls > 100);
  std::random_device seed;
  const unsigned start = seed();
  std::mt19937 random(start);
  CAPTURE(start);
  for (int i = 0; i < number_from("JARVIS_CRASHES", 100); ++i) {
    const int at = std::uniform_int_distribution<int>(1, calls)(random);
    CAPTURE(at);
    const CrashHome world;
    world.session("kill:" + std::to_string(at));
    const auto gone_on = go_on(world);
    CAPTURE(gone_on.err);
    CAPTURE(gone_on.out);
    CHECK(gone_on.status == 0);
    check_all(world.home);
  }
}

TEST_CASE("crash: killed once more while it recovers, it recovers the next time") {
  const int calls = static_cast<int>(CrashHome().calls().size());
  std::random_device seed;
  const unsigned start = seed();
  std::mt19937 random(start);
  CAPTURE(start);
  for (int i = 0; i < (number_from("JARVIS_CRASHES", 100) + 3) / 4; ++i) {
    const int at = std::uniform_int_distribution<int>(calls / 2, calls)(random);
    const int again = std::uniform_int_distribution<int>(1, 40)(random);
    CAPTURE(at);
    CAPTURE(again);
    const CrashHome world;
    world.session("kill:" + std::to_string(at));
    world.run({"learning", "resume"}, "kill:" + std::to_string(again));
    const auto gone_on = go_on(world);
    CAPTURE(gone_on.err);
    CAPTURE(gone_on.out);
    CHECK(gone_on.status == 0);
    check_all(world.home);
  }
}

TEST_CASE("fault: a call that fails makes a clear error, and the next start goes on") {
  const std::string calls = CrashHome().calls();
  const int stride = number_from("JARVIS_FAULT_STRIDE", 500);
  const int from = number_from("JARVIS_FAULT_FROM", 1);
  int tried = 0;
  for (int at = from; at <= static_cast<int>(calls.size()); at += stride)
    for (const std::string& kind : faults_of(calls[static_cast<std::size_t>(at) - 1])) {
      CAPTURE(kind);
      CAPTURE(at);
      const CrashHome world;
      const auto faulty = world.session(kind + ":" + std::to_string(at));
      CAPTURE(faulty.err);
      CHECK(faulty.status < 128);
      const auto gone_on = faulty.status == 0 ? world.run({"learning", "status"}) : go_on(world);
      CAPTURE(gone_on.err);
      CAPTURE(gone_on.out);
      CHECK(gone_on.status == 0);
      check_all(world.home);
      ++tried;
    }
  MESSAGE(tried << " faults in " << calls.size() << " calls");
  CHECK(tried > 0);
}

TEST_CASE("fault: a folder that cannot be synced: what is not recorded is not in place") {
  const std::string calls = CrashHome().calls();
  std::random_device seed;
  constexpr int kEvery = 12;
  int seen = static_cast<int>(seed() % kEvery);
  CAPTURE(seen);
  for (std::size_t at = 0; at < calls.size(); ++at) {
    if (calls[at] != 's' || ++seen % kEvery != 0) continue;
    CAPTURE(at);
    const CrashHome world;
    world.session("EIO:" + std::to_string(at + 1));
    const auto gone_on = go_on(world);
    CAPTURE(gone_on.err);
    CAPTURE(gone_on.out);
    CHECK(gone_on.status == 0);
    check_all(world.home);
  }
}

TEST_CASE("fault: a disk that stays full is an error, and all is well when there is room again") {
  const int calls = static_cast<int>(CrashHome().calls().size());
  for (int at = 5; at <= calls; at += calls / 6) {
    CAPTURE(at);
    const CrashHome world;
    const auto full = world.session("ENOSPC:" + std::to_string(at) + "+");
    CHECK(full.status < 128);
    const auto gone_on = go_on(world);
    CAPTURE(gone_on.err);
    CAPTURE(gone_on.out);
    CHECK(gone_on.status == 0);
    check_all(world.home);
  }
}
