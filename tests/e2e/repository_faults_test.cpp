// Repositories in a state of their own: a clear error, nothing paid, nothing lost.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/e2e/world.hpp"
#include "tests/unit/home/git_command.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

FakeBehaviour one_good_edit() {
  FakeBehaviour behaviour;
  behaviour.edits = {edit("better", "set_model_for_query_class",
                          {{"query_class", "math"}, {"model", "student-large"}})};
  return behaviour;
}

/** A world with an applied edit, and hand-made changes beside it. */
struct Committed : World {
  explicit Committed(FakeBehaviour behaviour = one_good_edit()) : World(std::move(behaviour)) {
    REQUIRE(run({"learning", "run"}).status == 0);
    REQUIRE(commits().size() == 2);
    write("config.toml", config() + "\n[mine]\nadded = 1\n");
    text = config();
    head = git_says("rev-parse main");
  }
  std::string git_says(const std::string& arguments) const { return git(home, arguments); }

  void check_refused(const std::vector<std::string>& words, const std::string& part) const {
    CAPTURE(words.back());
    const int paid = models.paid_calls();
    const auto finished = run(words);
    CHECK(finished.status == 1);
    const std::string message = text_at(finished.json(), "/error/message");
    CHECK_MESSAGE(message.find(part) != std::string::npos, message);
    CHECK(text_at(finished.json(), "/error/hint") != "");
    CHECK(config() == text);
    CHECK(models.paid_calls() == paid);
  }
  void check_both_refused(const std::string& part) const {
    check_refused({"learning", "run"}, part);
    check_refused({"learning", "rollback", "--last"}, part);
  }
  /** The state is over: nothing was lost. */
  void check_goes_on() const {
    CHECK(git_says("rev-parse main") == head);
    const auto back = run({"learning", "rollback", "--last"});
    CHECK_MESSAGE(back.status == 0, back.out);
    CHECK(config().find("student-large\"\n") == std::string::npos);
    CHECK(config().find("[mine]\nadded = 1\n") != std::string::npos);
    CHECK(git_says("status --porcelain") == "");
    CHECK(git_says("fsck --strict").find("error") == std::string::npos);
    const auto next = run({"learning", "run"});
    CHECK_MESSAGE(next.status == 0, next.out);
  }

  std::string text, head;
};

}  // namespace

TEST_CASE("fault: repository detached") {
  const Committed world;
  world.git_says("checkout -q --detach");
  world.check_both_refused("HEAD is detached");
  world.git_says("symbolic-ref HEAD refs/heads/main");
  world.check_goes_on();
}

TEST_CASE("fault: repository mid-merge") {
  const Committed world;
  world.write(".git/MERGE_HEAD", world.head);
  world.check_both_refused("a merge is under way");
  fs::remove(world.home / ".git/MERGE_HEAD");
  world.check_goes_on();
}

TEST_CASE("fault: repository mid-rebase") {
  const Committed world;
  fs::create_directory(world.home / ".git/rebase-merge");
  world.check_both_refused("a rebase is under way");
  fs::remove(world.home / ".git/rebase-merge");
  world.check_goes_on();
}

TEST_CASE("fault: repository unborn") {
  const Committed world;
  world.git_says("symbolic-ref HEAD refs/heads/other");
  world.check_refused({"learning", "rollback", "--last"}, "has no commit yet");
  world.git_says("symbolic-ref HEAD refs/heads/main");
  world.check_goes_on();
}

TEST_CASE("fault: repository unborn: a session begins with a baseline, the other branch stays") {
  const Committed world;
  world.git_says("symbolic-ref HEAD refs/heads/other");
  const auto finished = world.run({"learning", "run"});
  CHECK_MESSAGE(finished.status == 0, finished.out);
  CHECK(world.git_says("log --format=%s other").find("learning: checkpoint baseline\n") !=
        std::string::npos);
  CHECK(world.git_says("rev-parse main") == world.head);
  CHECK(world.git_says("show other:config.toml") == world.text);
  world.check_refused({"learning", "rollback", "--last"}, "is not in the history");
}

TEST_CASE("fault: repository bare") {
  const Committed world;
  world.git_says("config core.bare true");
  world.check_both_refused("is bare");
  world.git_says("config core.bare false");
  world.check_goes_on();
}

TEST_CASE("fault: repository locked") {
  const Committed world;
  for (const char* lock : {".git/index.lock", ".git/refs/heads/main.lock"}) {
    world.write(lock, "");
    world.check_both_refused("another git program holds '");
    CHECK(fs::exists(world.home / lock));
    fs::remove(world.home / lock);
  }
  world.check_goes_on();
}

TEST_CASE("fault: repository corrupt") {
  const Committed world;
  const std::string name = world.head.substr(0, 2) + "/" + world.head.substr(2, 38);
  const fs::path object = world.home / ".git/objects" / name;
  const std::string bytes = world.read(".git/objects/" + name);
  fs::permissions(object, fs::perms::owner_all);
  SUBCASE("an object that is rubbish") {
    world.write(".git/objects/" + name, "rubbish");
    world.check_both_refused("cannot read commit");
    world.write(".git/objects/" + name, bytes);
  }
  SUBCASE("an object that is missing") {
    fs::remove(object);
    world.check_both_refused("cannot read commit");
    world.write(".git/objects/" + name, bytes);
  }
  SUBCASE("a branch that is rubbish") {
    const std::string branch = world.read(".git/refs/heads/main");
    world.write(".git/refs/heads/main", "rubbish");
    world.check_both_refused("cannot");
    world.write(".git/refs/heads/main", branch);
  }
  SUBCASE("an index that is rubbish") {
    const std::string index = world.read(".git/index");
    world.write(".git/index", "rubbish");
    world.check_both_refused("cannot");
    world.write(".git/index", index);
  }
  world.check_goes_on();
}

TEST_CASE("fault: repository gc running") {
  FakeBehaviour behaviour = one_good_edit();
  fs::path home;
  behaviour.before_answer = [&](FakeCall::Part part) {
    if (part != FakeCall::Part::plan) return;
    git(home, "gc -q");
    std::ofstream(home / ".git/gc.pid") << "1 elsewhere";
  };
  World world(behaviour);
  home = world.home;
  REQUIRE(world.run({"learning", "init"}).status == 0);
  world.write("config.toml", world.config() + "\n[mine]\nadded = 1\n");
  const auto finished = world.run({"learning", "run"});
  REQUIRE_MESSAGE(finished.status == 0, finished.out);
  CHECK(world.commits().size() == 3);
  CHECK(git(home, "gc -q --force") == "");
  const auto back = world.run({"learning", "rollback", "--last"});
  CHECK_MESSAGE(back.status == 0, back.out);
  CHECK(world.commits().size() == 4);
  CHECK(git(home, "fsck --strict").find("error") == std::string::npos);
  CHECK(git(home, "status --porcelain") == "");
}
