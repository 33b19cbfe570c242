#include "core/home/live_home.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/home/beneath.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace fs = std::filesystem;

TEST_CASE("live home: paths that lead out of the home are refused") {
  TemporaryDirectory home, outside;
  const LiveHome view(home.path());
  outside.write("secret", "x");
  for (const std::string& path :
       {std::string("../secret"), std::string("agents/../../secret"), std::string("/etc/passwd"),
        std::string(), std::string("."), std::string("agents/"), std::string("a\0b", 3),
        std::string(".git/config"), std::string("agents/.Git/config")})
    CHECK_MESSAGE(view.read(path).error().kind == ErrorKind::refused, path);
}

TEST_CASE("live home: links that leave the home are not followed") {
  TemporaryDirectory home, outside;
  const LiveHome view(home.path());
  outside.write("agent/system_prompt.md", "x");
  outside.write("SOUL.md", "x");
  fs::create_directory(home.path() / "agents");
  fs::create_directory_symlink(outside.path() / "agent", home.path() / "agents/linked");
  fs::create_symlink(outside.path() / "SOUL.md", home.path() / "SOUL.md");
  const auto below = view.read("agents/linked/system_prompt.md");
  REQUIRE(!below.ok());
  CHECK(below.error().kind == ErrorKind::refused);
  CHECK(below.error().message.find((outside.path() / "agent").string()) != std::string::npos);
  CHECK(view.read("SOUL.md").error().kind == ErrorKind::refused);
  CHECK(view.tracked_files()->empty());
}

TEST_CASE("live home: missing files, folders, pipes and dangling links are errors, never a hang") {
  TemporaryDirectory home;
  const LiveHome view(home.path());
  home.write("agents/a/system_prompt.md", "x");
  ::mkfifo((home.path() / "agents/pipe").c_str(), 0600);
  fs::create_symlink("nowhere", home.path() / "config.toml");
  CHECK(view.read("agents/b/system_prompt.md").error().kind == ErrorKind::not_found);
  CHECK(view.read("config.toml").error().kind == ErrorKind::not_found);
  CHECK(!view.read("agents/a").ok());
  CHECK(!view.read("agents/pipe").ok());
  CHECK(*view.tracked_files() == std::vector<std::string>{"agents/a/system_prompt.md"});
}

TEST_CASE("live home: a home that is empty or missing has no tracked files") {
  TemporaryDirectory home;
  CHECK(LiveHome(home.path()).tracked_files()->empty());
  CHECK(LiveHome(home.path() / "none").tracked_files()->empty());
}

TEST_CASE("live home: a tracked file that is a link is read and listed") {
  TemporaryDirectory home, dotfiles;
  fs::create_symlink(dotfiles.write("config.toml", "a = 1\n"), home.path() / "config.toml");
  const LiveHome view(home.path());
  CHECK(view.read("config.toml").value() == "a = 1\n");
  CHECK(*view.tracked_files() == std::vector<std::string>{"config.toml"});
}

TEST_CASE("live home: only the tracked places are listed, sorted") {
  TemporaryDirectory home;
  for (const char* path : {"config.toml", "tools/descriptions.toml", "agents/b/few_shot.json",
                           "agents/a/system_prompt.md", "src/x", "traces.db", "agents.md",
                           "tools/clone/.git/HEAD", "tools/clone/code.py"})
    home.write(path, "x");
  CHECK(*LiveHome(home.path()).tracked_files() ==
        std::vector<std::string>{"agents/a/system_prompt.md", "agents/b/few_shot.json",
                                 "config.toml", "tools/descriptions.toml"});
}

TEST_CASE("beneath: in a stage no link is followed at all") {
  TemporaryDirectory home;
  home.write("agents/a/system_prompt.md", "x");
  fs::create_directory_symlink("a", home.path() / "agents/b");
  CHECK(read_beneath(home.path(), "agents/b/system_prompt.md", Links::inside).ok());
  CHECK(!read_beneath(home.path(), "agents/b/system_prompt.md", Links::none).ok());
}
