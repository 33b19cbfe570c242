#include <doctest/doctest.h>

#include "core/home/checkpoint/git_checkpoint.hpp"
#include "core/home/checkpoint/transition_journal.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/home/git_command.hpp"

using namespace jarvis;
using jarvis::testing::git;
using jarvis::testing::TemporaryDirectory;
namespace fs = std::filesystem;
using Kind = RecoveryReport::Kind;

namespace {

const CommitRequest kRequest{"learning: an edit", "", {}};

/** A home in which an edit was accepted, and its transition then looks interrupted. */
struct Interrupted {
  TemporaryDirectory home;
  GitCheckpoint checkpoint{home.path()};
  TransitionJournal journal{home.path() / ".git"};
  std::string from, to;

  Interrupted() {
    home.write("config.toml", "a = 1\n");
    REQUIRE(checkpoint.init());
    from = *checkpoint.head();
    const auto accepted =
        checkpoint.accept({{"config.toml", "a = 1\n", "a = 2\n"},
                           {"agents/simple/system_prompt.md", std::nullopt, "be kind\n"}},
                          kRequest);
    REQUIRE(accepted);
    to = *accepted;
    REQUIRE(journal.begin({from, to, {"config.toml", "agents/simple/system_prompt.md"}, {}}));
  }

  void before_files() {
    home.write("config.toml", "a = 1\n");
    fs::remove_all(home.path() / "agents");
  }
  std::string status() const { return git(home.path(), "status --porcelain --untracked-files=no"); }
};

}  // namespace

TEST_CASE("transition: a note that cannot be read is named, and nothing is touched") {
  Interrupted world;
  for (const char* note : {"", "{", "[]", "{\"from\":\"x\"}", "\x00\x01"}) {
    world.home.write(".git/transition.json", note);
    const auto recovered = world.checkpoint.recover();
    REQUIRE_FALSE(recovered.ok());
    CHECK(recovered.error().message.find("transition.json") != std::string::npos);
    CHECK(world.home.read("config.toml") == "a = 2\n");
  }
  world.home.write(".git/transition.json",
                   "{\"from\":\"../../x\",\"to\":\"" + world.to + "\",\"paths\":[]}");
  CHECK_FALSE(world.checkpoint.recover().ok());
}

TEST_CASE("transition: without one there is nothing to recover") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(home.path());
  CHECK(checkpoint.recover()->kind == Kind::nothing);
  home.write("config.toml", "a = 1\n");
  REQUIRE(checkpoint.init());
  REQUIRE(checkpoint.accept({{"config.toml", "a = 1\n", "a = 2\n"}}, kRequest));
  CHECK(checkpoint.recover()->kind == Kind::nothing);
}

TEST_CASE("transition: ended before the branch moved, it is dropped") {
  Interrupted world;
  git(world.home.path(), "reset -q --hard " + world.from);
  const auto recovered = world.checkpoint.recover();
  REQUIRE(recovered);
  CHECK(recovered->kind == Kind::dropped);
  CHECK(world.home.read("config.toml") == "a = 1\n");
  CHECK(world.checkpoint.recover()->kind == Kind::nothing);
}

TEST_CASE("transition: ended before the files were in place, it is finished") {
  Interrupted world;
  world.before_files();
  const auto recovered = world.checkpoint.recover();
  REQUIRE(recovered);
  CHECK(recovered->kind == Kind::finished);
  CHECK(recovered->commit == world.to);
  CHECK(recovered->placed.size() == 2);
  CHECK(world.home.read("config.toml") == "a = 2\n");
  CHECK(world.home.read("agents/simple/system_prompt.md") == "be kind\n");
  CHECK(world.checkpoint.dirty_paths()->empty());
  CHECK(world.status().empty());
}

TEST_CASE("transition: ended between two files, the other one follows") {
  Interrupted world;
  world.home.write("config.toml", "a = 1\n");
  const auto recovered = world.checkpoint.recover();
  CHECK(recovered->placed == std::vector<std::string>{"config.toml"});
  CHECK(world.checkpoint.dirty_paths()->empty());
}

TEST_CASE("transition: what the user wrote meanwhile stays, and is told") {
  Interrupted world;
  world.before_files();
  world.home.write("config.toml", "mine = true\n");
  const auto recovered = world.checkpoint.recover();
  REQUIRE(recovered);
  CHECK(recovered->kept == std::vector<std::string>{"config.toml"});
  CHECK(recovered->placed == std::vector<std::string>{"agents/simple/system_prompt.md"});
  CHECK(world.home.read("config.toml") == "mine = true\n");
  CHECK(*world.checkpoint.dirty_paths() == std::vector<std::string>{"config.toml"});
}

TEST_CASE("transition: where somebody went on with other commits, nothing is touched") {
  Interrupted world;
  world.home.write("config.toml", "a = 3\n");
  git(world.home.path(), "-c user.name=me -c user.email=me@here commit -q -a -m mine");
  CHECK(world.checkpoint.recover()->kind == Kind::left);
  CHECK(world.home.read("config.toml") == "a = 3\n");
  CHECK(world.checkpoint.recover()->kind == Kind::nothing);
}

TEST_CASE("transition: locks and files on their way go with it; an older lock is somebody else's") {
  Interrupted world;
  world.before_files();
  SUBCASE("ours") {
    world.home.write(".git/index.lock", "");
    world.home.write(".git/jarvis-0123456789abcdef", "a = 2\n");
    REQUIRE(world.checkpoint.recover());
    CHECK_FALSE(fs::exists(world.home.path() / ".git/index.lock"));
    CHECK_FALSE(fs::exists(world.home.path() / ".git/jarvis-0123456789abcdef"));
  }
  SUBCASE("older") {
    world.home.write(".git/index.lock", "");
    fs::last_write_time(world.home.path() / ".git/index.lock",
                        fs::file_time_type::clock::now() - std::chrono::hours(1));
    REQUIRE(world.checkpoint.recover());
    CHECK(fs::exists(world.home.path() / ".git/index.lock"));
  }
  CHECK(world.home.read("config.toml") == "a = 2\n");
}

TEST_CASE("transition: a lock that could not be removed after its work is taken away, no other") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(home.path());
  home.write("config.toml", "a = 1\n");
  REQUIRE(checkpoint.init());
  const fs::path refs = home.path() / ".git" / "refs" / "heads";
  fs::create_hard_link(refs / "main", refs / "main.lock");
  home.write(".git/index.lock", "of another program");
  REQUIRE(checkpoint.recover());
  CHECK_FALSE(fs::exists(refs / "main.lock"));
  CHECK(fs::exists(refs / "main"));
  CHECK(fs::exists(home.path() / ".git" / "index.lock"));
}

TEST_CASE("transition: a rollback says which commits it took back") {
  Interrupted world;
  REQUIRE(world.journal.end());
  const auto reverted =
      world.checkpoint.revert({world.to}, {{"learning: back", "", {}}}, TakenBack::session);
  REQUIRE(reverted);
  const std::string tip = *world.checkpoint.head();
  REQUIRE(world.journal.begin({world.to, tip, {"config.toml"}, reverted->commits}));
  world.home.write("config.toml", "a = 2\n");
  const auto recovered = world.checkpoint.recover();
  REQUIRE(recovered);
  REQUIRE(recovered->reverted.size() == 1);
  CHECK(recovered->reverted[0].commit == world.to);
  CHECK(world.home.read("config.toml") == "a = 1\n");
}
