// A rollback that ends at any call that changes a file; what comes next is another command.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

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
const std::vector<std::string> kBack{"learning", "rollback", "--last"};

/** A home whose session applied an edit, and has another one that waits. */
struct Applied : RehearsalHome {
  Applied() : RehearsalHome({}, kTraces) {
    std::ofstream(home / "config.toml", std::ios::app)
        << "\n[learning.distillation.gate]\nbenchmark_subsample_size = 8\nnoise_confidence = 0\n"
           "\n[learning.distillation.benchmark]\nholdout_share = 0.5\n";
    before = read("config.toml");
    REQUIRE(run({"learning", "run"}).status == 0);
    after = read("config.toml");
    REQUIRE(before != after);
    fs::rename(home, directory.path() / "prepared");
  }
  void begin_anew() const {
    fs::remove_all(home);
    fs::copy(directory.path() / "prepared", home, fs::copy_options::recursive);
  }
  Finished with_fault(const std::string& fault) const {
    return run(kBack, {{"LD_PRELOAD", FAULT_INJECTION}, {"JARVIS_FAULT", fault}});
  }
  Session session() const {
    std::vector<BrokenSession> broken;
    auto sessions = Recorder(home).sessions().list(broken);
    REQUIRE(sessions.size() == 1);
    return sessions[0];
  }
  std::ptrdiff_t reverts() const {
    const auto log = commit_log(home, 100);
    REQUIRE(log);
    return std::count_if(log->begin(), log->end(), [](const CommitLine& line) {
      return line.subject.rfind("learning: roll back", 0) == 0;
    });
  }

  std::string before;
  std::string after;
};

/** Files, commits and record tell the same: all of it is taken back, or nothing. */
void check_one_story(const Applied& world) {
  const Session session = world.session();
  const auto count = [&](EditStatus status) {
    return std::count_if(session.outcomes.begin(), session.outcomes.end(),
                         [&](const EditOutcome& outcome) { return outcome.status == status; });
  };
  const bool is_back = world.read("config.toml") == world.before;
  CHECK((is_back || world.read("config.toml") == world.after));
  CHECK(world.reverts() == (is_back ? 1 : 0));
  CHECK(count(EditStatus::rolled_back) == (is_back ? 1 : 0));
  CHECK(count(EditStatus::applied) == (is_back ? 0 : 1));
  CHECK((session.status == SessionStatus::rolled_back) == is_back);
  CHECK((count(EditStatus::pending_review) == 0) == is_back);
  for (const EditOutcome& outcome : session.outcomes)
    CHECK(outcome.revert_commit.empty() == (outcome.status != EditStatus::rolled_back));
  CHECK(GitCheckpoint(world.home).dirty_paths()->empty());
  CHECK_FALSE(fs::exists(world.home / ".git" / "transition.json"));
}

}  // namespace

TEST_CASE("crash: a rollback that is cut short is recorded by whatever comes next") {
  const Applied world;
  world.begin_anew();
  const fs::path list = world.directory.path() / "calls";
  REQUIRE(world.with_fault("list:" + list.string()).status == 0);
  const auto letters = read_file(list);
  REQUIRE(letters);
  const int calls = static_cast<int>(letters->size());
  REQUIRE(calls > 20);
  int taken_back = 0;
  for (int at = 1; at <= calls; ++at)
    for (const char* fault : {"kill:", "EIO:"}) {
      CAPTURE(fault);
      CAPTURE(at);
      world.begin_anew();
      world.with_fault(fault + std::to_string(at));
      world.run({"learning", "reject", "edit-that-is-none"});
      check_one_story(world);
      taken_back += world.reverts() > 0 ? 1 : 0;
    }
  CHECK(taken_back > 4);
}
