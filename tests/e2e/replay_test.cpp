#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/e2e/world.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;

TEST_CASE("replay: a session on recorded answers of real models does what an honest one does") {
  const char* kit = std::getenv("JARVIS_REPLAY_KIT");
  const fs::path python = "/usr/bin/python3";
  if (!kit || !*kit || !fs::exists(python)) {
    MESSAGE("skipped: JARVIS_REPLAY_KIT does not name the replay kit, or there is no "
            << python.string());
    return;
  }
  const TemporaryDirectory directory;
  const char* path = std::getenv("PATH");
  const auto finished =
      run_program({{python.string(), (fs::path(kit) / "check.py").string(), JARVIS_PROGRAM},
                   {{"HOME", directory.path().string()},
                    {"TMPDIR", directory.path().string()},
                    {"PATH", path ? path : "/usr/bin:/bin"}},
                   directory.path()});
  INFO(finished.out << finished.err);
  CHECK(finished.status == 0);
}
