// What becomes of standard input, output and error that are closed, full, or whose reader has gone.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/cases/demo_traces.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

/** A home with more traces than a pipe holds. */
class FullHome {
 public:
  FullHome() : home_(directory_.path() / "home") {
    auto traces = make_home_without_traces(home_);
    const auto first = traces.front();
    for (int i = 0; i < 600; ++i) {
      traces.push_back(first);
      traces.back().id = "many-" + std::to_string(i);
      traces.back().query = std::string(200, 'q');
    }
    store_traces(home_, traces);
  }

  /** Runs the script with the program as $J, on the home. */
  Finished shell(const std::string& script) const {
    return run_program({{"/bin/bash", "-c", script},
                        {{"PATH", "/usr/bin:/bin"},
                         {"HOME", directory_.path().string()},
                         {"OPENJARVIS_HOME", home_.string()},
                         {"J", JARVIS_PROGRAM}},
                        directory_.path()});
  }

 private:
  TemporaryDirectory directory_;
  const fs::path home_;
};

}  // namespace

TEST_CASE("streams: a reader who has seen enough is no failure, and nothing is said of it") {
  const FullHome home;
  for (const std::string command :
       {"traces list --limit 100000", "--json traces list --limit 100000", "traces export"}) {
    CAPTURE(command);
    const auto finished = home.shell("\"$J\" " + command + " | head -1; exit ${PIPESTATUS[0]}");
    CHECK(finished.status == 0);
    CHECK(finished.err == "");
    CHECK(finished.out.size() > 0);
  }
}

TEST_CASE("streams: a full device is a failure, which stderr tells") {
  const FullHome home;
  for (const std::string command :
       {"learning status", "--json learning status", "traces export", "--help", "--version",
        "completion bash", "traces list --limit 100000"}) {
    CAPTURE(command);
    const auto finished = home.shell("\"$J\" " + command + " > /dev/full");
    CHECK(finished.status == 1);
    CHECK(finished.err == "jarvis: cannot write to standard output: No space left on device\n");
  }
  const auto failed = home.shell("\"$J\" --json learning show nothing > /dev/full");
  CHECK(failed.status == 1);
}

TEST_CASE("streams: closed ones never give their place to a file of the home") {
  const FullHome home;
  const auto before = home.shell("cat \"$OPENJARVIS_HOME/traces.db\" | sha256sum").out;
  CHECK(home.shell("\"$J\" learning status >&-").status == 0);
  CHECK(home.shell("\"$J\" learning show nothing 2>&-").status == 1);
  CHECK(home.shell("\"$J\" traces list <&- >&- 2>&-").status == 0);
  CHECK(home.shell("\"$J\" learning review <&-").out == "Nothing waits for review.\n");
  const auto asked = home.shell("\"$J\" ask <&-");
  CHECK(asked.status == 2);
  CHECK(asked.err.find("there is no question on standard input") != std::string::npos);
  CHECK(home.shell("cat \"$OPENJARVIS_HOME/traces.db\" | sha256sum").out == before);
}
