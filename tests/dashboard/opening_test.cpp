// The command itself, with a desktop that is a script.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

/** Keeps what it was told, as anybody on the machine can read it, and the page; then Ctrl-C. */
constexpr const char* kDesktop = R"sh(#!/bin/sh
echo "$*" >"$HOME/words"
stat -c %a "$1" "$(dirname "$1")" >"$HOME/rights"
cp "$1" "$HOME/page"
kill -INT "$PPID"
)sh";

}  // namespace

TEST_CASE("dashboard: the link opens in a browser, and other users cannot read it") {
  const TemporaryDirectory directory;
  directory.write("home/config.toml", "");
  directory.write("bin/xdg-open", kDesktop);
  fs::permissions(directory.path() / "bin/xdg-open", fs::perms::owner_all);
  const auto ended =
      run_program({{JARVIS_PROGRAM, "--home", directory.path() / "home", "dashboard"},
                   {{"HOME", directory.path()},
                    {"TMPDIR", directory.path()},
                    {"DISPLAY", ":0"},
                    {"PATH", (directory.path() / "bin").string() + ":/usr/bin:/bin"}},
                   directory.path()});
  CAPTURE(ended.err);
  CHECK(ended.status == 0);
  const auto read = [&](const char* name) {
    std::ifstream file(directory.path() / name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::size_t at = ended.out.find("http://127.0.0.1:");
  REQUIRE(at != std::string::npos);
  const std::string link = ended.out.substr(at, ended.out.find('\n', at) - at);
  CHECK(link.find("token=") != std::string::npos);
  CHECK(read("page").find("url=" + link + "\"") != std::string::npos);
  CHECK(read("words").find("token") == std::string::npos);
  CHECK(read("rights") == "600\n700\n");
  CHECK_FALSE(fs::exists(read("words").substr(0, read("words").find('\n'))));
}
