#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "core/app/cli/manual_page.hpp"
#include "tests/cases/case.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

constexpr char kGroff[] = "/usr/bin/groff";

Finished manual(const TemporaryDirectory& directory, std::vector<std::string> words) {
  words.insert(words.begin(), {JARVIS_PROGRAM, "manual"});
  return run_program({words, {}, directory.path()});
}

}  // namespace

TEST_CASE("manual: refuses a command that there is none, and a command together with --dir") {
  const TemporaryDirectory directory;
  const auto unknown = manual(directory, {"learning", "rnu"});
  CHECK(unknown.status == 2);
  CHECK(unknown.err ==
        "jarvis: there is no command 'learning rnu' (did you mean 'learning run'?)\n");
  CHECK(manual(directory, {"learning", "run", "--dir", "man"}).status == 2);
  const auto barred = manual(directory, {"--dir", "/proc/none"});
  CHECK(barred.status == 1);
  CHECK(barred.err.find("'/proc/none'") != std::string::npos);
}

TEST_CASE("manual: every command and group has a page, which is what --dir writes") {
  const TemporaryDirectory directory;
  const auto written = manual(directory, {"--dir", "man"});
  CHECK(written.status == 0);
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator(directory.path() / "man"))
    files.insert(entry.path().filename().string());
  for (const jarvis::Command& command : jarvis::command_table())
    CHECK(files.count(jarvis::page_name(command.path) + ".1") == 1);
  CHECK(files.count("jarvis.1") == 1);
  CHECK(files.count("jarvis-learning.1") == 1);
  CHECK(files.size() == jarvis::manual_paths().size());
  CHECK(text_of(directory.path() / "man" / "jarvis-learning-run.1") ==
        manual(directory, {"learning", "run"}).out);
}

TEST_CASE("manual: each page says how it ends, what it reads, and shows an example") {
  for (const std::string& path : jarvis::manual_paths()) {
    CAPTURE(path);
    const std::string page = jarvis::manual_page(path);
    for (const char* section :
         {"NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"})
      CHECK(page.find(std::string(".SH ") + section + "\n") != std::string::npos);
    CHECK((page.find(".SH EXAMPLES\n") != std::string::npos) == !jarvis::examples_of(path).empty());
  }
}

TEST_CASE("manual: groff has nothing to warn of") {
  if (!fs::exists(kGroff)) {
    MESSAGE("skipped: there is no groff here");
    return;
  }
  const TemporaryDirectory directory;
  REQUIRE(manual(directory, {"--dir", "."}).status == 0);
  for (const std::string& path : jarvis::manual_paths()) {
    const auto finished =
        run_program({{kGroff, "-man", "-Tutf8", "-ww", "-rLL=80n", jarvis::page_name(path) + ".1"},
                     {{"PATH", "/usr/bin:/bin"}},
                     directory.path()});
    CAPTURE(path);
    CHECK(finished.status == 0);
    CHECK(finished.err == "");
    CHECK(finished.out.size() > 500);
  }
}
