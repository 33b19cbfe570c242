#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/home/checkpoint/git_checkpoint.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/home/git_command.hpp"

using namespace jarvis;
using jarvis::testing::git;
using jarvis::testing::TemporaryDirectory;

namespace fs = std::filesystem;

namespace {

using Paths = std::vector<std::string>;

const CommitRequest kRequest = {
    "learning: an edit", "why", {{"Edit-ID", "e1"}, {"Session-ID", "s1"}}};

TemporaryDirectory& filled(TemporaryDirectory& home) {
  home.write("config.toml", "# mine\na = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\ng = 7\nh = 8\n");
  home.write("agents/simple/system_prompt.md", "be kind\n");
  home.write("traces.db", "not ours");
  return home;
}

std::string with_line(const TemporaryDirectory& home, const std::string& from,
                      const std::string& to) {
  std::string text = home.read("config.toml");
  text.replace(text.find(from), from.size(), to);
  return text;
}

FileChange config_change(const TemporaryDirectory& home, const std::string& from,
                         const std::string& to) {
  return {"config.toml", home.read("config.toml"), with_line(home, from, to)};
}

std::string status(const TemporaryDirectory& home) {
  return git(home.path(), "status --porcelain --untracked-files=no");
}

std::string initialised(const GitCheckpoint& checkpoint, const TemporaryDirectory& home) {
  const auto report = GitCheckpoint(home.path()).init();
  REQUIRE(report.ok());
  REQUIRE(checkpoint.head().ok());
  return report->head;
}

void check_nothing_happened(const TemporaryDirectory& home, const std::string& head) {
  CHECK(git(home.path(), "rev-parse HEAD") == head + "\n");
  CHECK(git(home.path(), "fsck --strict").find("error") == std::string::npos);
}

}  // namespace

TEST_CASE("checkpoint: asks for init where there is no repository") {
  TemporaryDirectory home;
  const auto head = GitCheckpoint(home.path()).head();
  REQUIRE(!head.ok());
  CHECK(head.error().kind == ErrorKind::not_found);
  CHECK(head.error().hint.find("learning init") != std::string::npos);
}

TEST_CASE("checkpoint: a repository in a state of its own is refused clearly") {
  TemporaryDirectory home;
  filled(home);
  GitCheckpoint checkpoint(home.path());
  std::string expected;
  SUBCASE("bare") {
    initialised(checkpoint, home);
    git(home.path(), "config core.bare true");
    expected = "bare";
  }
  SUBCASE("files elsewhere") {
    initialised(checkpoint, home);
    git(home.path(), "config core.worktree /");
    expected = "keeps its files in";
  }
  SUBCASE("detached") {
    initialised(checkpoint, home);
    git(home.path(), "checkout --detach");
    expected = "HEAD is detached";
  }
  SUBCASE("mid-merge") {
    home.write(".git/MERGE_HEAD", initialised(checkpoint, home) + "\n");
    expected = "a merge is under way";
  }
  SUBCASE("mid-rebase") {
    initialised(checkpoint, home);
    fs::create_directory(home.path() / ".git/rebase-merge");
    expected = "a rebase is under way";
  }
  SUBCASE("a link to a repository elsewhere") {
    home.write(".git", "gitdir: /elsewhere\n");
    expected = "is not a directory";
  }
  for (const Error& error :
       {GitCheckpoint(home.path()).init().error(), checkpoint.head().error(),
        checkpoint.dirty_paths().error(),
        checkpoint.accept({config_change(home, "a = 1", "a = 9")}, kRequest).error(),
        checkpoint.revert({"x"}, {kRequest}, TakenBack::session).error(),
        checkpoint.check_in().error(), checkpoint.own_commit_of("x").error()}) {
    CHECK(error.kind == ErrorKind::refused);
    CHECK_MESSAGE(error.message.find(expected) != std::string::npos, error.message);
  }
}

TEST_CASE("checkpoint: a damaged repository is an error") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  initialised(checkpoint, home);
  home.write(".git/HEAD", "rubbish");
  CHECK(!checkpoint.head().ok());
  CHECK(!checkpoint.dirty_paths().ok());
}

TEST_CASE("checkpoint: init refuses a user's repository that tracks other things, and says which") {
  TemporaryDirectory home;
  filled(home);
  home.write("notes.txt", "private");
  git(home.path(), "init -q");
  git(home.path(), "add notes.txt config.toml");
  git(home.path(), "commit -qm mine");
  const std::string before = git(home.path(), "rev-parse HEAD");
  const auto report = GitCheckpoint(home.path()).init();
  REQUIRE(!report.ok());
  CHECK(report.error().kind == ErrorKind::refused);
  CHECK(report.error().message.find("'notes.txt'") != std::string::npos);
  CHECK(git(home.path(), "rev-parse HEAD") == before);
}

TEST_CASE("checkpoint: init respects a user's repository of the tracked places") {
  TemporaryDirectory home;
  filled(home);
  git(home.path(), "init -q");
  git(home.path(), "add config.toml agents");
  git(home.path(), "commit -qm mine");
  const auto report = GitCheckpoint(home.path()).init();
  REQUIRE(report.ok());
  CHECK(!report->made_repository);
  CHECK(!report->made_baseline);
  CHECK(git(home.path(), "log --format=%s") == "mine\n");
}

TEST_CASE("checkpoint: what the user has staged goes into none of our commits") {
  TemporaryDirectory home;
  filled(home);
  home.write("notes.txt", "private");
  git(home.path(), "init -q");
  git(home.path(), "add notes.txt");
  GitCheckpoint checkpoint(home.path());
  initialised(checkpoint, home);
  REQUIRE(checkpoint.accept({config_change(home, "a = 1", "a = 9")}, kRequest).ok());
  CHECK(git(home.path(), "log --all --name-only --format=").find("notes") == std::string::npos);
  CHECK(status(home) == "A  notes.txt\n");
}

TEST_CASE("checkpoint: init makes one baseline, and a second init changes nothing and says so") {
  TemporaryDirectory home;
  filled(home);
  const auto first = GitCheckpoint(home.path()).init();
  REQUIRE(first.ok());
  CHECK(first->made_repository);
  CHECK(first->made_baseline);
  CHECK(git(home.path(), "log --format='%s|%an|%ae|%cn'") ==
        "learning: checkpoint baseline|jarvis-learning|learning@jarvis.local|jarvis-learning\n");
  CHECK(git(home.path(), "ls-tree -r --name-only HEAD") ==
        "agents/simple/system_prompt.md\nconfig.toml\n");
  CHECK(git(home.path(), "status --porcelain").empty());
  CHECK(!fs::exists(home.path() / ".git/hooks/pre-commit.sample"));
  struct stat facts {};
  REQUIRE(::stat((home.path() / ".git").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0700);
  const auto second = GitCheckpoint(home.path()).init();
  REQUIRE(second.ok());
  CHECK(!second->made_repository);
  CHECK(!second->made_baseline);
  CHECK(second->head == first->head);
}

TEST_CASE("checkpoint: an empty home gets an empty baseline") {
  TemporaryDirectory home;
  REQUIRE(GitCheckpoint(home.path()).init().ok());
  CHECK(GitCheckpoint(home.path()).dirty_paths()->empty());
  CHECK(git(home.path(), "ls-tree -r HEAD").empty());
}

TEST_CASE("checkpoint: only the tracked places can be dirty") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  initialised(checkpoint, home);
  home.write("src/clone/main.py", "x");
  home.write("learning/learning.db", "x");
  home.write(".gitignore", "agents/\n");
  CHECK(checkpoint.dirty_paths()->empty());
  home.write("config.toml", "changed = true\n");
  home.write("agents/new/system_prompt.md", "untracked");
  home.write("tools/descriptions.toml", "untracked");
  fs::remove(home.path() / "agents/simple/system_prompt.md");
  CHECK(*checkpoint.dirty_paths() == Paths{"agents/new/system_prompt.md",
                                           "agents/simple/system_prompt.md", "config.toml",
                                           "tools/descriptions.toml"});
}

TEST_CASE("checkpoint: accept commits nothing when a live file is not what was judged") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  const std::string head = initialised(checkpoint, home);
  const std::vector<FileChange> changes = {{"agents/new/system_prompt.md", std::nullopt, "hello"},
                                           config_change(home, "a = 1", "a = 9")};
  SUBCASE("changed by hand") {
    home.write("config.toml", "by hand");
  }
  SUBCASE("deleted by hand") {
    fs::remove(home.path() / "config.toml");
  }
  SUBCASE("made by hand") {
    home.write("agents/new/system_prompt.md", "mine");
  }
  const std::string config = home.read("config.toml");
  const auto accepted = checkpoint.accept(changes, kRequest);
  REQUIRE(!accepted.ok());
  CHECK(accepted.error().kind == ErrorKind::dirty);
  CHECK(accepted.error().message.starts_with("Working tree dirty, cannot stage"));
  CHECK(home.read("config.toml") == config);
  check_nothing_happened(home, head);
}

TEST_CASE("checkpoint: accept does not commit the user's own uncommitted changes") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  const std::string head = initialised(checkpoint, home);
  home.write("config.toml", with_line(home, "b = 2", "b = 22"));
  const auto accepted = checkpoint.accept({config_change(home, "a = 1", "a = 9")}, kRequest);
  REQUIRE(!accepted.ok());
  CHECK(accepted.error().kind == ErrorKind::dirty);
  check_nothing_happened(home, head);
}

TEST_CASE("checkpoint: accept refuses places that no edit may touch") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  const std::string head = initialised(checkpoint, home);
  for (const char* path :
       {"traces.db", "../outside", "agents/../../outside", "/etc/passwd", "agents/./x", "agents//x",
        "agents/x/", ".git/config", "agents/.git/hooks/post-commit", "agents/.GIT/config", "agents",
        "", "config.toml/x", "agents/a\nb"})
    CHECK_MESSAGE(!checkpoint.accept({{path, std::nullopt, "x"}}, kRequest).ok(), path);
  CHECK(!checkpoint.accept({}, kRequest).ok());
  const FileChange change = config_change(home, "a = 1", "a = 9");
  CHECK(!checkpoint.accept({change, change}, kRequest).ok());
  CHECK(!checkpoint.accept({{"config.toml", change.before, change.before}}, kRequest).ok());
  check_nothing_happened(home, head);
}

TEST_CASE("checkpoint: a tracked file that is a link is kept as a link and refused for editing") {
  TemporaryDirectory home, dotfiles;
  filled(home);
  const auto target = dotfiles.write("config.toml", "a = 1\n");
  fs::remove(home.path() / "config.toml");
  fs::create_symlink(target, home.path() / "config.toml");
  GitCheckpoint checkpoint(home.path());
  const std::string head = initialised(checkpoint, home);
  CHECK(checkpoint.dirty_paths()->empty());
  CHECK(status(home).empty());
  const auto accepted = checkpoint.accept({{"config.toml", "a = 1\n", "a = 2\n"}}, kRequest);
  REQUIRE(!accepted.ok());
  CHECK(accepted.error().kind == ErrorKind::refused);
  CHECK(accepted.error().message.find(target.string()) != std::string::npos);
  CHECK(dotfiles.read("config.toml") == "a = 1\n");
  check_nothing_happened(home, head);
}

TEST_CASE("checkpoint: nothing is begun while another git program holds the index") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  const std::string head = initialised(checkpoint, home);
  home.write(".git/index.lock", "");
  const auto accepted = checkpoint.accept({config_change(home, "a = 1", "a = 9")}, kRequest);
  REQUIRE(!accepted.ok());
  CHECK(accepted.error().kind == ErrorKind::retryable);
  CHECK(home.read("config.toml").find("a = 1") != std::string::npos);
  fs::remove(home.path() / ".git/index.lock");
  check_nothing_happened(home, head);
}

TEST_CASE("checkpoint: a file that cannot be put in place takes the whole edit back") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  const std::string head = initialised(checkpoint, home);
  const std::string config = home.read("config.toml");
  home.write("tools", "a file where the folder should be");
  const auto accepted = checkpoint.accept(
      {config_change(home, "a = 1", "a = 9"), {"tools/descriptions.toml", std::nullopt, "[x]\n"}},
      kRequest);
  REQUIRE(!accepted.ok());
  CHECK(home.read("config.toml") == config);
  check_nothing_happened(home, head);
}

TEST_CASE("checkpoint: accept makes one commit and puts every file in place") {
  TemporaryDirectory home;
  filled(home);
  home.write("agents/old/system_prompt.md", "old");
  ::chmod((home.path() / "config.toml").c_str(), 0640);
  GitCheckpoint checkpoint(home.path());
  const std::string head = initialised(checkpoint, home);
  const auto accepted = checkpoint.accept({config_change(home, "a = 1", "a = 9"),
                                           {"agents/new/few_shot.json", std::nullopt, "[]"},
                                           {"agents/old/system_prompt.md", "old", std::nullopt}},
                                          kRequest);
  REQUIRE(accepted.ok());
  CHECK(checkpoint.head().value() == *accepted);
  CHECK(git(home.path(), "rev-parse HEAD^") == head + "\n");
  CHECK(git(home.path(), "log -1 --format=%B") ==
        "learning: an edit\n\nwhy\n\nEdit-ID: e1\nSession-ID: s1\n\n");
  CHECK(git(home.path(), "show --name-status --format=") ==
        "A\tagents/new/few_shot.json\nD\tagents/old/system_prompt.md\nM\tconfig.toml\n");
  CHECK(status(home).empty());
  CHECK(checkpoint.dirty_paths()->empty());
  CHECK(home.read("config.toml").find("a = 9") != std::string::npos);
  CHECK(home.read("agents/new/few_shot.json") == "[]");
  CHECK(!fs::exists(home.path() / "agents/old"));
  struct stat facts {};
  REQUIRE(::stat((home.path() / "config.toml").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0640);
  CHECK(git(home.path(), "fsck --strict").find("error") == std::string::npos);
}

TEST_CASE("fault: CRLF, BOM, no final newline, not UTF-8: bytes are kept as they are") {
  TemporaryDirectory home;
  const std::string odd = "\xEF\xBB\xBF# x\r\na = 1\r\n\xff\xfe end";
  home.write("config.toml", odd);
  home.write("agents/.gitattributes", "* text=auto eol=lf\n");
  GitCheckpoint checkpoint(home.path());
  initialised(checkpoint, home);
  const auto accepted = checkpoint.accept({{"config.toml", odd, odd + "\r\nmore"}}, kRequest);
  REQUIRE(accepted.ok());
  CHECK(home.read("config.toml") == odd + "\r\nmore");
  REQUIRE(checkpoint.revert({*accepted}, {kRequest}, TakenBack::session).ok());
  CHECK(home.read("config.toml") == odd);
  CHECK(checkpoint.dirty_paths()->empty());
  CHECK(status(home).empty());
}

TEST_CASE(
    "checkpoint: a conflicting revert names the paths and changes nothing, the others included") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  initialised(checkpoint, home);
  const auto first = checkpoint.accept({config_change(home, "a = 1", "a = 9")}, kRequest);
  const auto second =
      checkpoint.accept({{"agents/x/system_prompt.md", std::nullopt, "x"}}, kRequest);
  const auto third = checkpoint.accept({config_change(home, "a = 9", "a = 10")}, kRequest);
  const std::string config = home.read("config.toml");
  const auto reverted =
      checkpoint.revert({*second, *first}, {kRequest, kRequest}, TakenBack::session);
  REQUIRE(!reverted.ok());
  CHECK(reverted.error().kind == ErrorKind::refused);
  CHECK(reverted.error().message.find("'config.toml'") != std::string::npos);
  CHECK(home.read("config.toml") == config);
  CHECK(fs::exists(home.path() / "agents/x/system_prompt.md"));
  check_nothing_happened(home, *third);
}

TEST_CASE("checkpoint: the baseline, unknown and foreign commits cannot be reverted") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  const std::string baseline = initialised(checkpoint, home);
  const auto commit = checkpoint.accept({config_change(home, "a = 1", "a = 9")}, kRequest);
  git(home.path(), "branch aside");
  git(home.path(), "reset -q --hard HEAD^");
  for (const std::string& id :
       {baseline, *commit, std::string(40, '0'), std::string("HEAD"), std::string()})
    CHECK_MESSAGE(!checkpoint.revert({id}, {kRequest}, TakenBack::session).ok(), id);
  CHECK(!checkpoint.revert({baseline}, {}, TakenBack::session).ok());
  check_nothing_happened(home, baseline);
}

TEST_CASE("checkpoint: commits are reverted newest first, later ones of other sessions stay") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  initialised(checkpoint, home);
  const std::string baseline = home.read("config.toml");
  const auto first = checkpoint.accept({config_change(home, "a = 1", "a = 9")}, kRequest);
  const auto second =
      checkpoint.accept({config_change(home, "a = 9", "a = 10"),
                         {"agents/x/system_prompt.md", std::nullopt, "x"},
                         {"agents/simple/system_prompt.md", "be kind\n", std::nullopt}},
                        kRequest);
  const auto other = checkpoint.accept({config_change(home, "h = 8", "h = 88")}, kRequest);
  REQUIRE(other.ok());
  const auto reverted = checkpoint.revert(
      {*second, *first}, {{"revert two", "", {}}, {"revert one", "", {}}}, TakenBack::session);
  REQUIRE(reverted.ok());
  REQUIRE(reverted->commits.size() == 2);
  CHECK(reverted->commits[0].commit == *second);
  CHECK(reverted->commits[1].revert_commit == checkpoint.head().value());
  CHECK(git(home.path(), "log -2 --format=%s") == "revert one\nrevert two\n");
  CHECK(home.read("config.toml") == baseline.substr(0, baseline.find("h = 8")) + "h = 88\n");
  CHECK(home.read("agents/simple/system_prompt.md") == "be kind\n");
  CHECK(!fs::exists(home.path() / "agents/x"));
  CHECK(fs::exists(home.path() / "agents"));
  CHECK(status(home).empty());
  CHECK(checkpoint.dirty_paths()->empty());
}

TEST_CASE("checkpoint: hooks, signing and settings of the user play no part") {
  TemporaryDirectory home;
  GitCheckpoint checkpoint(filled(home).path());
  initialised(checkpoint, home);
  for (const char* hook : {"pre-commit", "post-commit", "reference-transaction", "post-checkout"}) {
    const auto file =
        home.write(std::string(".git/hooks/") + hook, "#!/bin/sh\ntouch hook-ran\nexit 1\n");
    ::chmod(file.c_str(), 0755);
  }
  git(home.path(), "config commit.gpgsign true");
  git(home.path(), "config user.name somebody");
  REQUIRE(checkpoint.accept({config_change(home, "a = 1", "a = 9")}, kRequest).ok());
  CHECK(!fs::exists(home.path() / "hook-ran"));
  CHECK(git(home.path(), "log -1 --format='%an %G?'") == "jarvis-learning N\n");
}

TEST_CASE("checkpoint: a home that is reached through a link works") {
  TemporaryDirectory home, elsewhere;
  filled(home);
  fs::create_directory_symlink(home.path(), elsewhere.path() / "home");
  GitCheckpoint checkpoint(elsewhere.path() / "home");
  initialised(checkpoint, home);
  REQUIRE(checkpoint.accept({config_change(home, "a = 1", "a = 9")}, kRequest).ok());
  CHECK(checkpoint.dirty_paths()->empty());
}
