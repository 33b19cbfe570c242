#include "core/app/cli/project_template.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::ptrdiff_t entries_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

void make_templates(const fs::path& root) {
  put(root / "common/any/README.md", "any");
  put(root / "common/c/build", "common @NAME@");
  put(root / "tool/any/@NAME@.toml", "id = \"@NAME@\" # @NAME@, @OTHER@ and @NAME");
  put(root / "tool/c/build", "tool");
}

}  // namespace

TEST_CASE("project template: a folder that is missing is named, and nothing is made up") {
  const TemporaryDirectory directory;
  make_templates(directory.path());
  const auto files = project_files(directory.path(), "tool", "rust", "x");
  REQUIRE_FALSE(files);
  CHECK(files.error().kind == ErrorKind::unavailable);
  CHECK(files.error().message.find("common/rust") != std::string::npos);
}

TEST_CASE("project template: later layers win, and only @NAME@ is filled, in names too") {
  const TemporaryDirectory directory;
  make_templates(directory.path());
  const auto files = project_files(directory.path(), "tool", "c", "my-tool");
  REQUIRE(files);
  REQUIRE(files->size() == 3);
  CHECK((*files)[0].name == "README.md");
  CHECK((*files)[1].name == "build");
  CHECK((*files)[1].text == "tool");
  CHECK((*files)[2].name == "my-tool.toml");
  CHECK((*files)[2].text == "id = \"my-tool\" # my-tool, @OTHER@ and @NAME");
}

TEST_CASE("project template: whatever is there is left as it is") {
  const TemporaryDirectory directory;
  const fs::path& root = directory.path();
  put(root / "file", "mine");
  fs::create_directory(root / "empty");
  fs::create_symlink("nowhere", root / "link");
  for (const char* name : {"file", "empty", "link"}) {
    const auto written = write_project(root / name, {{"a", "b"}});
    REQUIRE_FALSE(written);
    CHECK(written.error().kind == ErrorKind::refused);
  }
  CHECK(text_of(root / "file") == "mine");
  CHECK(fs::is_empty(root / "empty"));
  CHECK(entries_in(root) == 3);
}

TEST_CASE("project template: a project that cannot be written whole leaves nothing") {
  const TemporaryDirectory directory;
  const fs::path& root = directory.path();
  CHECK_FALSE(write_project(root / "new", {{"a", "b"}, {"missing/folder", "c"}}));
  CHECK_FALSE(write_project(root / "missing" / "new", {{"a", "b"}}));
  CHECK(entries_in(root) == 0);
}

TEST_CASE("project template: all files are written") {
  const TemporaryDirectory directory;
  const fs::path& root = directory.path();
  REQUIRE(write_project(root / "new", {{"a", "one"}, {".b", ""}}));
  CHECK(text_of(root / "new" / "a") == "one");
  CHECK(fs::exists(root / "new" / ".b"));
  CHECK(entries_in(root) == 1);
}
