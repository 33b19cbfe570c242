#include "tests/examples/reader.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "core/base/atomic_file.hpp"
#include "tests/cases/expectation.hpp"

namespace jarvis::testing {

namespace fs = std::filesystem;

Reader::Reader() {
  const char* const path = std::getenv("PATH");
  launch.directory = directory.path();
  launch.environment = {{"HOME", directory.path().string()},
                        {"TMPDIR", directory.path().string()},
                        {"PATH", path ? path : "/usr/bin:/bin"}};
}

Finished Reader::run(const std::string& script) {
  REQUIRE(write_file_atomically(directory.path() / "script.sh", script));
  launch.words = {"/bin/bash", (directory.path() / "script.sh").string()};
  return run_program(launch);
}

void Reader::follow(const std::string& page, const std::vector<Step>& steps) {
  const fs::path outputs = directory.path() / "outputs";
  fs::create_directory(outputs);
  const Finished finished = run(script_of(steps, outputs));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool is_last = !fs::exists(output_of(outputs, i + 1));
    const auto printed = read_file(output_of(outputs, i));
    INFO(page << ":" << steps[i].line << "\n" << steps[i].commands);
    INFO("printed:\n" << (printed ? *printed : "") << finished.err);
    if (is_last) REQUIRE(finished.status == 0);
    REQUIRE(printed);
    if (steps[i].printed) CHECK(matches(*steps[i].printed, *printed));
  }
}

}  // namespace jarvis::testing
