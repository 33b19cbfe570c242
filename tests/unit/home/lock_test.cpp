#include "core/home/lock.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

TEST_CASE("lock: a second holder is told who holds the home") {
  TemporaryDirectory home;
  const auto first = HomeLock::take(home.path(), "learning run");
  REQUIRE(first.ok());
  const auto second = HomeLock::take(home.path(), "learning run");
  REQUIRE(!second.ok());
  CHECK(second.error().kind == ErrorKind::locked);
  CHECK(second.error().message.starts_with("another session holds the home: pid " +
                                           std::to_string(::getpid()) + " "));
  CHECK(second.error().message.find("'learning run', since 2") != std::string::npos);
}

TEST_CASE("lock: rubbish in the file of a held lock is no reason to fail") {
  TemporaryDirectory home;
  const auto first = HomeLock::take(home.path(), "x");
  home.write("learning/lock", "rubbish");
  CHECK(HomeLock::take(home.path(), "y").error().kind == ErrorKind::locked);
}

TEST_CASE("lock: what is no lock file, or a link, is refused") {
  TemporaryDirectory home;
  home.write("target", "precious");
  std::filesystem::create_directory(home.path() / "learning");
  std::filesystem::create_symlink("../target", home.path() / "learning/lock");
  CHECK(!HomeLock::take(home.path(), "x").ok());
  CHECK(home.read("target") == "precious");
}

TEST_CASE("lock: it ends with the object, and a stale file does not hold it") {
  TemporaryDirectory home;
  { CHECK(HomeLock::take(home.path(), "x").ok()); }
  home.write("learning/lock", R"({"pid":1,"host":"h","command":"crashed","since":"then"})");
  auto taken = HomeLock::take(home.path(), "y");
  REQUIRE(taken.ok());
  const HomeLock moved = std::move(*taken);
  CHECK(!HomeLock::take(home.path(), "z").ok());
  CHECK(home.read("learning/lock").find("\"command\":\"y\"") != std::string::npos);
}
