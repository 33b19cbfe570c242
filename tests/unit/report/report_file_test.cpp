#include "core/report/report_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/base/atomic_file.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;
namespace fs = std::filesystem;

TEST_CASE("report file: refuses what is no regular file, and leaves it as it is") {
  const TemporaryDirectory directory;
  const fs::path target = directory.path() / "target", link = directory.path() / "link",
                 dangling = directory.path() / "dangling", pipe = directory.path() / "pipe";
  REQUIRE(write_file_atomically(target, "mine"));
  fs::create_symlink(target, link);
  fs::create_symlink(directory.path() / "nowhere", dangling);
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const fs::path& file : {link, dangling, pipe, directory.path(), directory.path() / ""}) {
    CAPTURE(file);
    const auto written = write_report_file(file, "report");
    REQUIRE(!written);
    CHECK(written.error().kind == ErrorKind::refused);
    CHECK(written.error().message.find("'" + file.string() + "' is ") != std::string::npos);
  }
  CHECK(read_file(target).value() == "mine");
  CHECK(!fs::exists(directory.path() / "nowhere"));
}

TEST_CASE("report file: a folder that is not there is named") {
  const TemporaryDirectory directory;
  const auto written = write_report_file(directory.path() / "no" / "report.html", "report");
  REQUIRE(!written);
  CHECK(written.error().kind == ErrorKind::not_found);
}

TEST_CASE("report file: replaces a file, for the user's eyes only") {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "report.html";
  REQUIRE(write_file_atomically(file, "an older and longer one", 0644));
  REQUIRE(write_report_file(file, "report"));
  CHECK(read_file(file).value() == "report");
  struct stat facts {};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  CHECK(std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator()) == 1);
}
