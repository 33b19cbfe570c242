#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/staged_file.hpp>

namespace fs = std::filesystem;
using jarvis::sdk::Failure;
using jarvis::text::read_staged_file;
using jarvis::text::write_staged_file;

namespace {

class Home {
 public:
  Home() {
    std::string pattern = (fs::temp_directory_path() / "jarvis-home-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    path = pattern;
    fs::create_directory(path / "home");
    home = (path / "home").string();
  }
  ~Home() { fs::remove_all(path); }
  std::string read(const std::string& name) const {
    std::ifstream file(path / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
  }

  fs::path path;
  std::string home;
};

Failure failure_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Failure& failure) {
    return failure;
  }
  return Failure(JARVIS_OK, "nothing failed");
}

}  // namespace

TEST_CASE("staged file: refuses paths that are not plainly below the home") {
  const Home home;
  for (const char* bad : {"", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".", "./a"}) {
    CHECK(failure_of([&] { read_staged_file(home.home, bad); }).status() == JARVIS_INVALID);
    CHECK(failure_of([&] { write_staged_file(home.home, bad, "x"); }).status() == JARVIS_INVALID);
  }
}

TEST_CASE("staged file: follows no link, and names its target") {
  const Home home;
  home.write("outside", "secret");
  fs::create_directory(home.path / "elsewhere");
  fs::create_symlink("../outside", home.path / "home/config.toml");
  fs::create_symlink(home.path / "elsewhere", home.path / "home/agents");
  fs::create_symlink("nowhere", home.path / "home/dangling");
  for (const char* file : {"config.toml", "agents/x/system_prompt.md", "agents/x", "dangling"}) {
    CHECK(failure_of([&] { read_staged_file(home.home, file); }).status() == JARVIS_REFUSED);
    CHECK(failure_of([&] { write_staged_file(home.home, file, "x"); }).status() == JARVIS_REFUSED);
  }
  const std::string message =
      failure_of([&] { read_staged_file(home.home, "config.toml"); }).what();
  CHECK(message ==
        "'config.toml' is reached through the symbolic link 'config.toml' to '../outside'");
  CHECK(home.read("outside") == "secret");
  CHECK(fs::is_empty(home.path / "elsewhere"));
}

TEST_CASE("staged file: refuses what is no regular file") {
  const Home home;
  fs::create_directory(home.path / "home/config.toml");
  REQUIRE(mkfifo((home.path / "home/pipe").c_str(), 0600) == 0);
  home.write("home/agents", "a file");
  for (const char* file : {"config.toml", "pipe", "agents/x"}) {
    CHECK(failure_of([&] { read_staged_file(home.home, file); }).status() == JARVIS_REFUSED);
    CHECK(failure_of([&] { write_staged_file(home.home, file, "x"); }).status() == JARVIS_REFUSED);
  }
}

TEST_CASE("staged file: a missing home is an error, a missing file is none") {
  const Home home;
  CHECK(failure_of([&] { read_staged_file(home.home + "/no", "a"); }).status() ==
        JARVIS_UNAVAILABLE);
  CHECK_FALSE(read_staged_file(home.home, "a/b/c").has_value());
}

TEST_CASE("staged file: writing leaves another name of the same file alone") {
  const Home home;
  home.write("live", "old");
  fs::create_hard_link(home.path / "live", home.path / "home/config.toml");
  write_staged_file(home.home, "config.toml", "new");
  CHECK(home.read("live") == "old");
  CHECK(home.read("home/config.toml") == "new");
}

TEST_CASE(
    "staged file: makes private folders and files, keeps permissions, leaves nothing behind") {
  const Home home;
  write_staged_file(home.home, "agents/x/system_prompt.md", std::string("a\0b\n", 4));
  CHECK(read_staged_file(home.home, "agents/x/system_prompt.md") == std::string("a\0b\n", 4));
  CHECK(fs::status(home.path / "home/agents/x").permissions() == fs::perms::owner_all);
  const auto file = home.path / "home/agents/x/system_prompt.md";
  CHECK((fs::status(file).permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  fs::permissions(file, fs::perms(0640));
  write_staged_file(home.home, "agents/x/system_prompt.md", "");
  CHECK(fs::status(file).permissions() == fs::perms(0640));
  CHECK(std::distance(fs::directory_iterator(file.parent_path()), {}) == 1);
}
