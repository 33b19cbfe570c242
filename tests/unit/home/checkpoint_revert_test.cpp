#include <doctest/doctest.h>

#include "core/home/checkpoint/transition_journal.hpp"
#include "tests/unit/home/checkpoint_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

const std::string kPrompt = "agents/simple/system_prompt.md";

/** An accepted edit of the prompt. */
std::string accept_prompt(CheckpointHome& world, const std::string& text) {
  const auto done =
      world.checkpoint.accept({{kPrompt, world.prompt(), text}}, {"learning: a prompt", "", {}});
  REQUIRE(done);
  return *done;
}

/** Refused, and nothing at all has changed. Gives the error. */
Error refused(CheckpointHome& world, const std::vector<std::string>& commits) {
  const std::string head = world.head(), config = world.config();
  const std::string status = world.run_git("status --porcelain");
  const auto done = world.revert(commits);
  REQUIRE_FALSE(done);
  CHECK(world.head() == head);
  CHECK(world.config() == config);
  CHECK(world.run_git("status --porcelain") == status);
  CHECK_FALSE(fs::exists(world.home.path() / ".git/transition.json"));
  return done.error();
}

}  // namespace

TEST_CASE("revert: later changes of the same lines are told with lines and both texts") {
  CheckpointHome world;
  const std::string commit = world.accept("c = 3", "c = 33");
  SUBCASE("by a commit") {
    world.accept("c = 33", "c = 34");
    const Error error = refused(world, {commit});
    CHECK(error.kind == ErrorKind::refused);
    CHECK(error.message == "commit " + commit.substr(0, 8) +
                               " cannot be taken back, later changes are in the way: "
                               "'config.toml' line 4: now \"c = 34\", the edit had \"c = 33\"");
  }
  SUBCASE("by hand, and what is by hand is not checked in") {
    world.edit("c = 33\nd = 4\n", "c = 34\nd = 44\n");
    CHECK(says(refused(world, {commit}), "'config.toml' lines 4-5: now \"c = 34\", \"d = 44\""));
  }
  SUBCASE("deleted lines") {
    world.edit("b = 2\nc = 33\nd = 4\n", "");
    CHECK(says(refused(world, {commit}), "after line 2: now nothing, the edit had \"c = 33\""));
  }
  SUBCASE("many and long lines are cut") {
    std::string many;
    for (int i = 0; i < 9; ++i)
      many += "x" + std::to_string(i) + " = \"" + std::string(90, 'z') + "\"\n";
    world.edit("c = 33\n", many);
    const Error error = refused(world, {commit});
    CHECK(says(error, "lines 4-12: now \"x0 = "));
    CHECK(says(error, "zz…\", \"x1"));
    CHECK_FALSE(says(error, "x3"));
    CHECK(error.message.size() < 500);
  }
  SUBCASE("not UTF-8, and CRLF") {
    world.edit("c = 33\n", "# \xff\r\n");
    CHECK_FALSE(world.revert({commit}));
    world.edit("# \xff\r\n", "c = 34\r\n");
    CHECK(says(refused(world, {commit}), "now \"c = 34\""));
  }
}

TEST_CASE("revert: a conflict shows no secret of config.toml") {
  CheckpointHome world;
  const std::string commit = world.accept("c = 3", "c = 33");
  world.edit("c = 33\n", "c = 34\napi_key = \"heron-4711\"\n");
  const Error error = refused(world, {commit});
  CHECK(says(error, "***"));
  CHECK_FALSE(says(error, "heron"));
}

TEST_CASE("revert: of several commits none is taken back when one conflicts") {
  CheckpointHome world;
  const std::string first = world.accept("a = 1", "a = 9");
  const std::string second = accept_prompt(world, "be quick\nbe brief\n");
  world.edit("a = 9", "a = 10");
  const Error error = refused(world, {first, second});
  CHECK(says(error, "config.toml"));
  CHECK(world.prompt() == "be quick\nbe brief\n");
}

TEST_CASE("revert: ids that no history has are refused") {
  CheckpointHome world;
  const std::string commit = world.accept("a = 1", "a = 9");
  CHECK(says(refused(world, {"3f2a"}), "'3f2a' is not the full id of a commit"));
  CHECK(says(refused(world, {std::string(40, 'a')}), "is not in the history"));
  CHECK(says(refused(world, {commit, ""}), "is not the full id"));
  CHECK(says(refused(world, {world.baseline}), "is the first one"));
  SUBCASE("rewritten history") {
    world.run_git("commit -q --amend -m other");
    CHECK(says(refused(world, {commit}), commit + " is not in the history"));
  }
  SUBCASE("a merge") {
    world.run_git("switch -q -c aside HEAD^");
    world.run_git("commit -q --allow-empty -m aside");
    world.run_git("switch -q main");
    world.run_git("merge -q --no-ff -m merged aside");
    CHECK(says(refused(world, {world.head()}), "is a merge"));
    CHECK(world.revert({commit}));
    CHECK(world.config().find("a = 1\n") != std::string::npos);
  }
}

TEST_CASE("revert: hand-made changes of other lines are kept, in a commit of their own before") {
  CheckpointHome world;
  const std::string commit = world.accept("a = 1", "a = 9");
  world.edit("h = 8", "h = 88");
  world.home.write("agents/new/system_prompt.md", "mine");
  fs::remove_all(world.home.path() / "agents/simple");
  const auto moves = [&] { return world.run_git("reflog show main --format=%gs"); };
  const std::string before = moves();
  const auto done = world.revert({commit});
  REQUIRE(done);
  CHECK(world.subjects() ==
        "learning: roll back\nManual changes\nlearning: an edit\nlearning: checkpoint baseline\n");
  CHECK(world.run_git("rev-parse HEAD^") == done->manual.commit + "\n");
  CHECK(done->manual.paths ==
        std::vector<std::string>{"agents/new/system_prompt.md", kPrompt, "config.toml"});
  CHECK(world.run_git("show --format= --name-only HEAD") == "config.toml\n");
  CHECK(world.config().find("a = 1\n") != std::string::npos);
  CHECK(world.config().find("h = 88\n") != std::string::npos);
  CHECK(world.home.read("agents/new/system_prompt.md") == "mine");
  CHECK(moves() == "learning: rollback\n" + before);
  world.check_sound();
}

TEST_CASE("revert: a hand-made config.toml that does not hold is refused, nothing is changed") {
  CheckpointHome world;
  const std::string commit = world.accept("a = 1", "a = 9");
  world.edit("h = 8", "h = ");
  CHECK(refused(world, {commit}).kind == ErrorKind::configuration);
}

TEST_CASE("revert: a config.toml that would not hold any more is not made") {
  CheckpointHome world;
  const std::string commit = world.accept("b = 2\n", "");
  world.edit("h = 8\n", "h = 8\nb = 5\n");
  CHECK(says(refused(world, {commit}), "would leave a config.toml that does not hold"));
}

TEST_CASE("revert: what is gone already needs no commit") {
  CheckpointHome world;
  const std::string first = world.accept("a = 1", "a = 2");
  SUBCASE("the user reverted it with git") {
    world.run_git("revert --no-edit HEAD");
  }
  SUBCASE("the user put the old line back and committed") {
    world.edit("a = 2", "a = 1");
    world.run_git("commit -qam mine");
  }
  SUBCASE("the user reverted it, and then changed the same line") {
    world.run_git("revert --no-edit HEAD");
    world.edit("a = 1", "a = 7");
    world.run_git("commit -qam mine");
  }
  const std::string head = world.head(), config = world.config();
  const auto done = world.revert({first});
  REQUIRE_MESSAGE(done.ok(), done.error().message);
  REQUIRE(done->commits.size() == 1);
  CHECK(done->commits[0].commit == first);
  CHECK(done->commits[0].revert_commit.empty());
  CHECK(world.head() == head);
  CHECK(world.config() == config);
  world.check_sound();
}

TEST_CASE("revert: what came again after it was gone is a conflict where the lines changed") {
  CheckpointHome world;
  const std::string first = world.accept("a = 1", "a = 2");
  world.run_git("revert --no-edit HEAD");
  world.run_git("revert --no-edit HEAD");
  REQUIRE(world.config().find("a = 2") != std::string::npos);
  SUBCASE("as it was, it is taken back") {
    const auto done = world.revert({first});
    REQUIRE(done);
    CHECK(done->commits[0].revert_commit == world.head());
  }
  SUBCASE("changed") {
    world.edit("a = 2", "a = 7");
    CHECK(says(refused(world, {first}), "a = 7"));
  }
}

TEST_CASE("revert: put back by hand and not committed, the hand-made change alone is checked in") {
  CheckpointHome world;
  const std::string commit = world.accept("a = 1", "a = 9");
  world.edit("a = 9", "a = 1");
  const auto done = world.revert({commit});
  REQUIRE(done);
  CHECK(done->commits[0].revert_commit.empty());
  CHECK(done->manual.commit == world.head());
  world.check_sound();
}

TEST_CASE("revert: two edits of one line that the user reverted one after the other are gone") {
  CheckpointHome world;
  const std::string first = world.accept("a = 1", "a = 2"), second = world.accept("a = 2", "a = 3");
  world.run_git("revert --no-edit HEAD");
  world.run_git("revert --no-edit HEAD~2");
  REQUIRE(world.config().find("a = 1") != std::string::npos);
  const std::string head = world.head();
  const auto done = world.revert({first, second});
  REQUIRE_MESSAGE(done.ok(), done.error().message);
  for (const RevertedCommit& reverted : done->commits) CHECK(reverted.revert_commit.empty());
  CHECK(world.head() == head);
}

TEST_CASE("revert: the history says which is newer, whatever order is given") {
  CheckpointHome world;
  const std::string first = world.accept("a = 1", "a = 2"), second = world.accept("a = 2", "a = 3"),
                    other = world.accept("h = 8", "h = 9");
  const auto done = world.revert({first, second});
  REQUIRE_MESSAGE(done.ok(), done.error().message);
  CHECK(done->commits[0].commit == second);
  CHECK(done->commits[1].commit == first);
  CHECK(world.config().find("a = 1\n") != std::string::npos);
  CHECK(world.config().find("h = 9\n") != std::string::npos);
  world.check_sound();
}

TEST_CASE("revert: files that the user deleted or renamed since") {
  CheckpointHome world;
  std::string text;
  for (int i = 0; i < 20; ++i) text += "rule " + std::to_string(i) + "\n";
  world.home.write(kPrompt, text);
  REQUIRE(world.checkpoint.check_in());
  const std::string commit = accept_prompt(world, world.replaced(text, "rule 7", "rule seven"));
  const fs::path folder = world.home.path() / "agents/simple";
  SUBCASE("a deleted file stays deleted: the edit is gone with it") {
    fs::remove_all(folder);
    SUBCASE("uncommitted") {}
    SUBCASE("committed") {
      world.run_git("commit -qam mine");
    }
    const auto done = world.revert({commit});
    REQUIRE_MESSAGE(done.ok(), done.error().message);
    CHECK(done->commits[0].revert_commit.empty());
    CHECK_FALSE(fs::exists(folder));
    world.check_sound();
  }
  SUBCASE("a renamed file still has the edit: refused, with its new name") {
    fs::rename(folder, world.home.path() / "agents/kind");
    const Error error = refused(world, {commit});
    CHECK(says(error, "'" + kPrompt +
                          "' was deleted or renamed since, it is "
                          "'agents/kind/system_prompt.md' now"));
  }
}

TEST_CASE("revert: a file that the edit made, and the user removed or wrote anew") {
  CheckpointHome world;
  const auto made = world.checkpoint.accept({{"tools/descriptions.toml", std::nullopt, "x = 1\n"}},
                                            {"learning: made", "", {}});
  REQUIRE(made);
  SUBCASE("removed") {
    fs::remove(world.home.path() / "tools/descriptions.toml");
    CHECK(world.revert({*made})->commits[0].revert_commit.empty());
  }
  SUBCASE("wrote anew") {
    world.home.write("tools/descriptions.toml", "y = 2\n");
    CHECK(says(refused(world, {*made}), "'tools/descriptions.toml' was changed"));
  }
}

TEST_CASE(
    "revert: ended before the files were in place, hand-made changes do not hinder the rest") {
  CheckpointHome world;
  const std::string commit = world.accept("a = 1", "a = 9");
  world.edit("h = 8", "h = 88");
  const std::string mine = world.config();
  const auto done = world.revert({commit});
  REQUIRE(done);
  const std::string reverted = world.config(), tip = world.head();
  REQUIRE(TransitionJournal(world.home.path() / ".git")
              .begin({commit, tip, {"config.toml"}, done->commits, done->manual.commit}));
  SUBCASE("all of them were still to come") {
    world.home.write("config.toml", mine);
    const auto recovered = world.checkpoint.recover();
    REQUIRE(recovered);
    CHECK(recovered->placed == std::vector<std::string>{"config.toml"});
    CHECK(recovered->reverted.size() == 1);
    CHECK(world.config() == reverted);
    world.check_sound();
  }
  SUBCASE("what the user wrote meanwhile stays") {
    world.home.write("config.toml", "mine = 1\n");
    CHECK(world.checkpoint.recover()->kept == std::vector<std::string>{"config.toml"});
    CHECK(world.config() == "mine = 1\n");
  }
  SUBCASE(
      "the branch had not moved: nothing of it remains, the user's bytes neither more nor less") {
    world.run_git("update-ref refs/heads/main " + commit);
    world.home.write("config.toml", mine);
    CHECK(world.checkpoint.recover()->kind == RecoveryReport::Kind::dropped);
    CHECK(world.config() == mine);
    CHECK(*world.checkpoint.dirty_paths() == std::vector<std::string>{"config.toml"});
  }
}
