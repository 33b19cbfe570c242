#include "core/base/set_aside.hpp"

#include <doctest/doctest.h>

#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;
namespace fs = std::filesystem;

TEST_CASE("set aside: what is not there is an error that names it") {
  const TemporaryDirectory folder;
  const auto aside = set_aside(folder.path() / "missing.db");
  REQUIRE_FALSE(aside.ok());
  CHECK(aside.error().message.find("missing.db") != std::string::npos);
}

TEST_CASE("set aside: nothing is overwritten, however often and fast") {
  const TemporaryDirectory folder;
  for (const char* text : {"first", "second", "third"}) {
    const fs::path file = folder.write("store.db", text);
    const auto aside = set_aside(file);
    REQUIRE(aside.ok());
    CHECK(aside->string().find(file.string() + ".broken-") == 0);
    CHECK(folder.read(aside->filename().string()) == text);
    CHECK_FALSE(fs::exists(file));
  }
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 3);
}

TEST_CASE("set aside: a database takes what lies beside it along, a link and a folder go whole") {
  const TemporaryDirectory folder;
  const fs::path database = folder.write("a.db", "db");
  folder.write("a.db-wal", "wal");
  folder.write("a.db-shm", "shm");
  const auto aside = set_aside(database);
  REQUIRE(aside.ok());
  CHECK(folder.read(aside->filename().string() + "-wal") == "wal");
  CHECK(folder.read(aside->filename().string() + "-shm") == "shm");
  CHECK_FALSE(fs::exists(database.string() + "-wal"));

  folder.write("folder/inside", "x");
  const auto whole = set_aside(folder.path() / "folder");
  REQUIRE(whole.ok());
  CHECK(fs::exists(*whole / "inside"));

  fs::create_symlink("nowhere", folder.path() / "link");
  const auto link = set_aside(folder.path() / "link");
  REQUIRE(link.ok());
  CHECK(fs::is_symlink(*link));
}
