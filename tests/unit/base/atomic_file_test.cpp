#include "core/base/atomic_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
}

std::size_t entries_in(const fs::path& directory) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("atomic file: a missing directory is an error that names the file") {
  const TemporaryDirectory directory;
  const auto written = write_file_atomically(directory.path() / "missing" / "file", "text");
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::not_found);
  CHECK(written.error().message.find("missing/file") != std::string::npos);
}

TEST_CASE("atomic file: what cannot be replaced keeps its bytes, and nothing is left beside it") {
  const TemporaryDirectory directory;
  directory.write("taken/inside", "old");
  const auto written = write_file_atomically(directory.path() / "taken", "new");
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::io);
  CHECK(directory.read("taken/inside") == "old");
  CHECK(entries_in(directory.path()) == 1);
}

TEST_CASE("atomic file: a read-only directory keeps the old bytes" *
          doctest::skip(::geteuid() == 0)) {
  const TemporaryDirectory directory;
  const fs::path file = directory.write("closed/file", "old");
  fs::permissions(file.parent_path(), fs::perms::owner_read | fs::perms::owner_exec);
  const auto written = write_file_atomically(file, "new");
  const auto appended = append_line_durably(file.parent_path() / "other", "line");
  const auto made = make_private_directory(file.parent_path() / "deeper" / "still");
  fs::permissions(file.parent_path(), fs::perms::owner_all);
  CHECK_FALSE(written);
  CHECK_FALSE(appended);
  CHECK_FALSE(made);
  CHECK(directory.read("closed/file") == "old");
}

TEST_CASE("atomic file: replaces the text and sets the mode whatever the old one was") {
  const TemporaryDirectory directory;
  const fs::path file = directory.write("file", "old");
  fs::permissions(file, fs::perms::all);
  REQUIRE(write_file_atomically(file, std::string("new\0bytes", 9)));
  CHECK(directory.read("file") == std::string("new\0bytes", 9));
  CHECK(mode_of(file) == 0600);
  REQUIRE(write_file_atomically(file, "frozen", 0400));
  CHECK(mode_of(file) == 0400);
  CHECK(entries_in(directory.path()) == 1);
}

TEST_CASE("append: makes a private file, then adds whole lines") {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "log";
  REQUIRE(append_line_durably(file, "one"));
  REQUIRE(append_line_durably(file, "two"));
  CHECK(directory.read("log") == "one\ntwo\n");
  CHECK(mode_of(file) == 0600);
}

TEST_CASE("append: a missing directory is an error") {
  const TemporaryDirectory directory;
  CHECK(append_line_durably(directory.path() / "no" / "log", "x").error().kind ==
        ErrorKind::not_found);
}

TEST_CASE("read: refuses what is missing, no file or too large") {
  const TemporaryDirectory directory;
  CHECK(read_file(directory.path() / "nothing").error().kind == ErrorKind::not_found);
  CHECK(read_file(directory.path()).error().kind == ErrorKind::io);
  REQUIRE(::mkfifo((directory.path() / "pipe").c_str(), 0600) == 0);
  CHECK(read_file(directory.path() / "pipe").error().message.find("not a regular file") !=
        std::string::npos);
  const fs::path file = directory.write("file", "12345");
  CHECK(read_file(file, 4).error().kind == ErrorKind::refused);
  CHECK(*read_file(file, 5) == "12345");
}

TEST_CASE("read: follows a link, and a dangling one is not found") {
  const TemporaryDirectory directory;
  directory.write("file", "text");
  fs::create_symlink("file", directory.path() / "link");
  fs::create_symlink("gone", directory.path() / "dangling");
  CHECK(*read_file(directory.path() / "link") == "text");
  CHECK(read_file(directory.path() / "dangling").error().kind == ErrorKind::not_found);
}

TEST_CASE("private directory: a file in the way is an error") {
  const TemporaryDirectory directory;
  directory.write("way", "text");
  CHECK_FALSE(make_private_directory(directory.path() / "way"));
  CHECK_FALSE(make_private_directory(directory.path() / "way" / "below"));
  CHECK(directory.read("way") == "text");
}

TEST_CASE("private directory: makes every missing part for the owner alone") {
  const TemporaryDirectory directory;
  const fs::path deep = directory.path() / "a" / "b";
  REQUIRE(make_private_directory(deep));
  REQUIRE(make_private_directory(deep));
  CHECK(mode_of(directory.path() / "a") == 0700);
  CHECK(mode_of(deep) == 0700);
}
