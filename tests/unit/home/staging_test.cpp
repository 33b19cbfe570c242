#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "core/home/live_home.hpp"
#include "core/home/staging/home_stager.hpp"
#include "core/home/traces/trace_store.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace fs = std::filesystem;

namespace {

std::unique_ptr<HomeStage> staged(const TemporaryDirectory& home,
                                  const std::string& name = "edit-1") {
  auto stage = HomeStager(home.path()).stage(LiveHome(home.path()), name);
  REQUIRE(stage.ok());
  return std::move(*stage);
}

void put(const HomeStage& stage, const std::string& path, const std::string& text) {
  fs::create_directories((stage.root() / path).parent_path());
  std::ofstream(stage.root() / path, std::ios::binary) << text;
}

int mode_of(const fs::path& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777 : -1;
}

}  // namespace

TEST_CASE("staging: names that are no plain directory names are refused") {
  TemporaryDirectory home;
  HomeStager stager(home.path());
  for (const char* name : {"", "..", ".hidden", "a/b", "../x", "a b", "a\nb"})
    CHECK_MESSAGE(!stager.stage(LiveHome(home.path()), name).ok(), name);
  CHECK(!fs::exists(home.path() / "learning"));
}

TEST_CASE("staging: a second stage of the same name is refused and harms the first in nothing") {
  TemporaryDirectory home;
  home.write("config.toml", "a = 1\n");
  const auto first = staged(home);
  CHECK(!HomeStager(home.path()).stage(LiveHome(home.path()), "edit-1").ok());
  CHECK(first->read("config.toml").value() == "a = 1\n");
}

TEST_CASE("staging: a link or a pipe that an edit made is refused with its path") {
  TemporaryDirectory home;
  home.write("config.toml", "a = 1\n");
  const auto stage = staged(home);
  SUBCASE("a new link") {
    fs::create_symlink("/etc/passwd", stage->root() / "SOUL.md");
  }
  SUBCASE("a file that became a link to the same text") {
    fs::remove(stage->root() / "config.toml");
    fs::create_symlink(home.path() / "config.toml", stage->root() / "config.toml");
    CHECK(!stage->read("config.toml").ok());
  }
  SUBCASE("a linked folder") {
    fs::create_directory_symlink("/etc", stage->root() / "agents");
  }
  SUBCASE("a pipe") {
    ::mkfifo((stage->root() / "config.pipe").c_str(), 0600);
  }
  const auto changes = stage->changes();
  REQUIRE(!changes.ok());
  CHECK(changes.error().kind == ErrorKind::refused);
}

TEST_CASE("staging: a file that is a link in the home is copied, and a change of it is refused") {
  TemporaryDirectory home, dotfiles;
  const auto target = dotfiles.write("config.toml", "a = 1\n");
  fs::create_symlink(target, home.path() / "config.toml");
  const auto stage = staged(home);
  CHECK(!fs::is_symlink(stage->root() / "config.toml"));
  CHECK(stage->read("config.toml").value() == "a = 1\n");
  CHECK(stage->changes()->empty());
  put(*stage, "config.toml", "a = 2\n");
  const auto changes = stage->changes();
  REQUIRE(!changes.ok());
  CHECK(changes.error().kind == ErrorKind::refused);
  CHECK(changes.error().message.find(target.string()) != std::string::npos);
  CHECK(dotfiles.read("config.toml") == "a = 1\n");
}

TEST_CASE("staging: the copy holds tracked files and notes, and nothing else") {
  TemporaryDirectory home, outside;
  for (const char* path : {"config.toml", "agents/a/system_prompt.md", "tools/descriptions.toml",
                           "SOUL.md", "personas/calm/persona.md", "memory/facts.md"})
    home.write(path, path);
  for (const char* path : {"credentials.toml", "cloud-keys.env", "memory.db", "src/main.py",
                           ".git/config", "learning/ledger.jsonl"})
    home.write(path, "secret");
  fs::create_symlink(outside.write("USER.md", "x"), home.path() / "USER.md");
  const auto stage = staged(home);
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(stage->root())) {
    CHECK(mode_of(entry.path()) == (entry.is_directory() ? 0700 : 0600));
    if (!entry.is_directory()) files.push_back(fs::relative(entry.path(), stage->root()).string());
  }
  std::sort(files.begin(), files.end());
  CHECK(files == std::vector<std::string>{"SOUL.md", "agents/a/system_prompt.md", "config.toml",
                                          "memory/facts.md", "personas/calm/persona.md",
                                          "tools/descriptions.toml", "traces.db"});
  CHECK(*stage->tracked_files() == std::vector<std::string>{"agents/a/system_prompt.md",
                                                            "config.toml",
                                                            "tools/descriptions.toml"});
  CHECK(stage->root() == home.path() / "learning/staging/edit-1");
  CHECK(mode_of(home.path() / "learning/staging") == 0700);
  CHECK(*(*TraceStore::open(stage->root() / "traces.db"))->count() == 0);
}

TEST_CASE("staging: every difference is reported, outside the tracked places too") {
  TemporaryDirectory home;
  home.write("config.toml", "a = 1\n");
  home.write("SOUL.md", "soul");
  home.write("agents/a/system_prompt.md", "x");
  const auto stage = staged(home);
  CHECK(stage->changes()->empty());
  put(*stage, "config.toml", "a = 2\n");
  put(*stage, "SOUL.md", "evil");
  put(*stage, ".git/hooks/post-commit", "evil");
  fs::remove(stage->root() / "agents/a/system_prompt.md");
  fs::create_directory(stage->root() / "agents/empty");
  const auto changes = stage->changes();
  REQUIRE(changes.ok());
  REQUIRE(changes->size() == 4);
  CHECK((*changes)[0].path == ".git/hooks/post-commit");
  CHECK(!(*changes)[0].before);
  CHECK((*changes)[1].path == "SOUL.md");
  CHECK((*changes)[2].path == "agents/a/system_prompt.md");
  CHECK((*changes)[2].before == "x");
  CHECK(!(*changes)[2].after);
  CHECK((*changes)[3].after == "a = 2\n");
  CHECK(home.read("config.toml") == "a = 1\n");
}

TEST_CASE("staging: a stage can be staged again") {
  TemporaryDirectory home;
  home.write("config.toml", "a = 1\n");
  const auto first = staged(home);
  put(*first, "config.toml", "a = 2\n");
  const auto second = HomeStager(home.path()).stage(*first, "edit-2");
  REQUIRE(second.ok());
  CHECK((*second)->read("config.toml").value() == "a = 2\n");
  CHECK((*second)->changes()->empty());
}

TEST_CASE("staging: a stage vanishes with its object, leftovers by the clean-up") {
  TemporaryDirectory home;
  home.write("config.toml", "a = 1\n");
  fs::path root;
  {
    const auto stage = staged(home);
    root = stage->root();
    CHECK(fs::exists(root));
  }
  CHECK(!fs::exists(root));
  home.write("learning/staging/crashed/config.toml", "x");
  fs::create_directory_symlink(home.path(), home.path() / "learning/staging/link");
  CHECK(*remove_leftover_stages(home.path()) == std::vector<std::string>{"crashed", "link"});
  CHECK(fs::is_empty(home.path() / "learning/staging"));
  CHECK(home.read("config.toml") == "a = 1\n");
  CHECK(remove_leftover_stages(home.path() / "none")->empty());
}
