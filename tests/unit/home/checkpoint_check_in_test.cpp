#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/home/checkpoint/transition_journal.hpp"
#include "core/home/live_home.hpp"
#include "tests/unit/home/checkpoint_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

using Paths = std::vector<std::string>;

/** Refused, by its path, with branch and files as they were. */
void check_refused(CheckpointHome& world, const std::string& part) {
  const auto done = world.checkpoint.check_in();
  REQUIRE_FALSE(done);
  CHECK_MESSAGE(says(done.error(), part), done.error().message);
  CHECK(world.head() == world.baseline);
  CHECK_FALSE(fs::exists(world.home.path() / ".git/transition.json"));
}

}  // namespace

TEST_CASE("check in: where nothing was changed there is no commit") {
  CheckpointHome world;
  const auto done = world.checkpoint.check_in();
  REQUIRE(done);
  CHECK(done->commit.empty());
  CHECK(done->paths.empty());
  CHECK(world.head() == world.baseline);
}

TEST_CASE("check in: a config.toml that does not hold is refused by its line") {
  CheckpointHome world;
  SUBCASE("no TOML") {
    world.edit("c = 3", "c = [1,");
    check_refused(world, "config.toml:5");
  }
  SUBCASE("an unknown key") {
    world.edit("h = 8", "[learning.distillation]\nmin_trace = 3");
    check_refused(world, "config.toml:10");
  }
  SUBCASE("a wrong type") {
    world.edit("h = 8", "[learning.distillation]\nmin_traces = \"many\"");
    check_refused(world, "min_traces");
  }
  SUBCASE("out of its range") {
    world.edit("h = 8", "[learning.distillation]\nmax_cost_per_session_usd = -1.0");
    check_refused(world, "max_cost_per_session_usd");
  }
  SUBCASE("with others, none of them is committed") {
    world.home.write("agents/simple/system_prompt.md", "mine\n");
    world.edit("c = 3", "c = ");
    check_refused(world, "config.toml:4");
    CHECK(world.prompt() == "mine\n");
  }
}

TEST_CASE("check in: what git cannot keep is refused by its path") {
  CheckpointHome world;
  const fs::path agents = world.home.path() / "agents";
  SUBCASE("a tracked file that is a pipe now") {
    fs::remove(agents / "simple/system_prompt.md");
    REQUIRE(::mkfifo((agents / "simple/system_prompt.md").c_str(), 0600) == 0);
    check_refused(world, "'agents/simple/system_prompt.md' is tracked, and is not a regular file");
  }
  SUBCASE("a folder that is a git repository of its own now") {
    git(agents / "simple", "init -q");
    check_refused(world, "lies in a git repository of its own");
  }
  SUBCASE("all of agents/ is one") {
    git(agents, "init -q");
    check_refused(world, "'agents/simple/system_prompt.md'");
  }
  SUBCASE("a name that git keeps for itself") {
    world.home.write("agents/other/.GIT/hooks/x", "x");
    check_refused(world, "'agents/other/.GIT/hooks/x'");
  }
  SUBCASE("a name with control characters") {
    world.home.write("agents/two\nlines.md", "x");
    check_refused(world, "lines.md' cannot be tracked: control characters");
  }
  SUBCASE("a file that is too large") {
    world.home.write("tools/model.bin", "");
    fs::resize_file(world.home.path() / "tools/model.bin", std::uintmax_t{300} << 20);
    check_refused(world, "tools/model.bin' is too large");
  }
  SUBCASE("a file that may not be read") {
    if (::geteuid() == 0) return;
    world.home.write("agents/secret.md", "x");
    ::chmod((agents / "secret.md").c_str(), 0);
    check_refused(world, "agents/secret.md': Permission denied");
  }
  SUBCASE("a folder that may not be read") {
    if (::geteuid() == 0) return;
    ::chmod((agents / "simple").c_str(), 0);
    const auto done = world.checkpoint.check_in();
    ::chmod((agents / "simple").c_str(), 0700);
    REQUIRE_FALSE(done);
    CHECK(says(done.error(), "agents"));
    CHECK(world.head() == world.baseline);
  }
}

TEST_CASE("check in: what nobody tracks is left alone") {
  CheckpointHome world;
  REQUIRE(::mkfifo((world.home.path() / "agents/pipe").c_str(), 0600) == 0);
  fs::create_directories(world.home.path() / "tools/clone");
  git(world.home.path() / "tools/clone", "init -q");
  world.home.write("tools/clone/main.py", "x");
  world.home.write("notes.md", "private");
  CHECK(world.checkpoint.check_in()->commit.empty());
  CHECK(fs::exists(world.home.path() / "agents/pipe"));
}

TEST_CASE("check in: a submodule that the user committed is no hand-made change, and stays") {
  CheckpointHome world;
  const fs::path module = world.home.path() / "agents/module";
  fs::create_directories(module);
  git(module, "init -q");
  git(module, "commit -q --allow-empty -m inner");
  world.run_git("add agents/module");
  world.run_git("commit -q -m module");
  REQUIRE(world.run_git("ls-tree HEAD agents/").find("160000 commit") != std::string::npos);
  CHECK(world.checkpoint.check_in()->commit.empty());
  world.edit("a = 1", "a = 9");
  REQUIRE(world.checkpoint.check_in());
  CHECK(world.run_git("ls-tree HEAD agents/").find("160000 commit") != std::string::npos);
}

TEST_CASE("check in: nothing is begun while another git program is at work") {
  CheckpointHome world;
  world.edit("a = 1", "a = 9");
  for (const char* lock : {".git/index.lock", ".git/refs/heads/main.lock"}) {
    world.home.write(lock, "");
    check_refused(world, "another git program holds");
    CHECK(world.checkpoint.check_in().error().kind == ErrorKind::retryable);
    fs::remove(world.home.path() / lock);
  }
  CHECK(world.checkpoint.check_in());
}

TEST_CASE("check in: one commit of everything that was changed, and no file is touched") {
  CheckpointHome world;
  world.edit("a = 1", "a = 9");
  world.home.write("agents/new/system_prompt.md", "hello\r\n");
  world.home.write("tools/empty.toml", "");
  fs::remove_all(world.home.path() / "agents/simple");
  ::chmod((world.home.path() / "config.toml").c_str(), 0400);
  struct stat before {
  }, after{};
  REQUIRE(::stat((world.home.path() / "config.toml").c_str(), &before) == 0);
  const auto done = world.checkpoint.check_in();
  REQUIRE(done);
  CHECK(done->commit == world.head());
  CHECK(done->paths == Paths{"agents/new/system_prompt.md", "agents/simple/system_prompt.md",
                             "config.toml", "tools/empty.toml"});
  CHECK(world.run_git("log -1 --format=%B") == "Manual changes\n\n");
  CHECK(world.run_git("rev-parse HEAD^") == world.baseline + "\n");
  CHECK(world.run_git("show --name-status --no-renames --format=") ==
        "A\tagents/new/system_prompt.md\nD\tagents/simple/system_prompt.md\nM\tconfig.toml\n"
        "A\ttools/empty.toml\n");
  CHECK(world.run_git("show HEAD:agents/new/system_prompt.md") == "hello\r\n");
  REQUIRE(::stat((world.home.path() / "config.toml").c_str(), &after) == 0);
  CHECK(before.st_ino == after.st_ino);
  CHECK(before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
  CHECK(before.st_mode == after.st_mode);
  world.check_sound();
  CHECK(world.checkpoint.check_in()->commit.empty());
}

TEST_CASE("check in: a config.toml that was deleted has all defaults") {
  CheckpointHome world;
  fs::remove(world.home.path() / "config.toml");
  CHECK(world.checkpoint.check_in()->paths == Paths{"config.toml"});
  world.check_sound();
}

TEST_CASE("check in: names and contents of any bytes") {
  CheckpointHome world;
  const std::string odd = "agents/\xff\xfe name.md", slash = "agents/back\\slash.md";
  for (const std::string& path : {odd, slash})
    world.home.write(path, std::string("\xEF\xBB\xBF\r\n\xff\0end", 9));
  const auto done = world.checkpoint.check_in();
  REQUIRE_MESSAGE(done.ok(), done.error().message);
  CHECK(done->paths == Paths{slash, odd});
  world.check_sound();
  fs::remove(world.home.path() / odd);
  CHECK(world.checkpoint.check_in()->paths == Paths{odd});
}

TEST_CASE("check in: a file becomes a folder or a link, and back") {
  CheckpointHome world;
  TemporaryDirectory dotfiles;
  const fs::path prompt = world.home.path() / "agents/simple/system_prompt.md";
  fs::remove(prompt);
  world.home.write("agents/simple/system_prompt.md/part.md", "x");
  REQUIRE(world.checkpoint.check_in());
  world.check_sound();
  fs::remove_all(prompt);
  fs::create_symlink(dotfiles.write("prompt.md", "linked"), prompt);
  REQUIRE(world.checkpoint.check_in());
  world.check_sound();
  CHECK(world.run_git("ls-tree HEAD agents/simple/").find("120000") == 0);
  fs::remove_all(world.home.path() / "agents");
  fs::create_directory_symlink(dotfiles.path(), world.home.path() / "agents");
  CHECK(world.checkpoint.check_in()->paths == Paths{"agents", "agents/simple/system_prompt.md"});
  CHECK(dotfiles.read("prompt.md") == "linked");
  CHECK(world.checkpoint.dirty_paths()->empty());
}

TEST_CASE("check in: what the user has staged elsewhere stays staged and goes into no commit") {
  CheckpointHome world;
  world.home.write("notes.txt", "private");
  world.run_git("add -f notes.txt");
  world.edit("a = 1", "a = 9");
  world.run_git("add config.toml");
  REQUIRE(world.checkpoint.check_in());
  CHECK(world.run_git("ls-tree -r --name-only HEAD") ==
        "agents/simple/system_prompt.md\nconfig.toml\n");
  CHECK(world.run_git("status --porcelain --untracked-files=no") == "A  notes.txt\n");
}

TEST_CASE("check in: ended after the branch moved, the index follows at the next start") {
  CheckpointHome world;
  world.edit("a = 1", "a = 9");
  world.home.write("agents/\xff.md", "odd");
  const auto done = world.checkpoint.check_in();
  REQUIRE(done);
  world.run_git("read-tree " + world.baseline);
  REQUIRE(TransitionJournal(world.home.path() / ".git")
              .begin({world.baseline, done->commit, {"config.toml"}, {}, done->commit}));
  SUBCASE("") {}
  SUBCASE("what was changed meanwhile stays so") {
    world.edit("b = 2", "b = 22");
  }
  const std::string config = world.config();
  const auto recovered = world.checkpoint.recover();
  REQUIRE(recovered);
  CHECK(recovered->kind == RecoveryReport::Kind::finished);
  CHECK(recovered->placed.empty());
  CHECK(recovered->kept.empty());
  CHECK(world.config() == config);
  CHECK(world.run_git("diff --cached --name-only") == "");
}

TEST_CASE("own commit: the newest of ours by its files, whatever the user did since") {
  CheckpointHome world;
  const auto own = [&](const std::string& fingerprint) {
    return *world.checkpoint.own_commit_of(fingerprint);
  };
  const auto live = [&] { return *fingerprint_of(LiveHome(world.home.path())); };
  const std::string first = live();
  CHECK(own(first) == world.baseline);
  const std::string commit = world.accept("a = 1", "a = 9");
  const std::string second = live();
  CHECK(own(second) == commit);
  CHECK(own(first).empty());
  world.edit("b = 2", "b = 22");
  CHECK(own(second) == commit);
  world.run_git("commit -qam mine");
  CHECK(own(second) == commit);
  CHECK(own(live()).empty());
}
