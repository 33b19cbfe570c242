#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

Finished demo(const TemporaryDirectory& directory, std::vector<std::string> more) {
  Launch launch{{JARVIS_PROGRAM, "demo"},
                {{"HOME", directory.path().string()}, {"TMPDIR", directory.path().string()}},
                directory.path()};
  launch.words.insert(launch.words.end(), more.begin(), more.end());
  return run_program(launch);
}

bool has_status(const json::object& document, const std::string& status) {
  const auto& edits = document.at("edits").as_array();
  return std::any_of(edits.begin(), edits.end(), [&](const json::value& edit) {
    return edit.at("status").as_string() == status;
  });
}

}  // namespace

TEST_CASE("demo: with --json it shows an accept, a reject, a queued edit and a rollback") {
  const TemporaryDirectory directory;
  const auto finished = demo(directory, {"--json"});
  INFO(finished.err);
  REQUIRE(finished.status == 0);
  const auto document = finished.json();
  CHECK(has_status(document, "applied"));
  CHECK(has_status(document, "rejected_by_gate"));
  CHECK(has_status(document, "pending_review"));
  CHECK(document.at("rollback").at("reverted").as_array().size() == 1);
  CHECK(document.at("home").is_string());
  CHECK(finished.err == "");
}

TEST_CASE("demo: leaves nothing behind, unless a directory is named for it") {
  const TemporaryDirectory directory;
  REQUIRE(demo(directory, {}).status == 0);
  CHECK(fs::is_empty(directory.path()));
  REQUIRE(demo(directory, {"--dir", "kept"}).status == 0);
  CHECK(fs::exists(directory.path() / "kept" / "config.toml"));
  const auto again = demo(directory, {"--dir", "kept"});
  CHECK(again.status == 1);
  CHECK(again.err.find("is not empty") != std::string::npos);
}
