#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "tests/cases/case_world.hpp"
#include "tests/cases/expectation.hpp"

using namespace jarvis::testing;

namespace {

bool is_json(const std::string& command) {
  const auto words = words_of(command);
  return std::find(words.begin(), words.end(), "--json") != words.end();
}

struct Seen {
  std::string out, err, rc;
};

void check_form(const std::string& command, const Finished& finished, const CaseWorld& world) {
  CAPTURE(command);
  CHECK(control_character(finished.out) == "");
  CHECK(control_character(finished.err) == "");
  if (is_json(command)) {
    CHECK_NOTHROW(finished.json());
    CHECK(finished.err == "");
  } else if (!world.may_be_wide()) {
    CHECK(wide_line(world.normalised(finished.out)) == "");
  }
}

Seen carry_out(const Case& one, const CaseWorld& world) {
  Seen seen;
  for (const std::string& command : one.commands) {
    const Finished finished = world.run(command);
    check_form(command, finished, world);
    const std::string header = one.commands.size() > 1 ? "$ " + command + "\n" : "";
    seen.out += header + world.normalised(finished.out);
    seen.err += header + world.normalised(finished.err);
    seen.rc += std::to_string(finished.status) + "\n";
  }
  return seen;
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

void compare(const Case& one, const Seen& seen) {
  const bool same =
      matches(one.out, seen.out) && matches(one.err, seen.err) && matches(one.rc, seen.rc);
  if (!same && std::getenv("JARVIS_UPDATE_CASES")) {
    write(one.folder / "out", seen.out);
    write(one.folder / "err", seen.err);
    write(one.folder / "rc", seen.rc);
    MESSAGE("written: " << one.name);
    return;
  }
  CHECK_MESSAGE(matches(one.rc, seen.rc), "exit status:\n" << seen.rc);
  CHECK_MESSAGE(matches(one.out, seen.out), "stdout:\n" << seen.out);
  CHECK_MESSAGE(matches(one.err, seen.err), "stderr:\n" << seen.err);
}

}  // namespace

TEST_CASE("cases: each command line does what its folder says") {
  const char* wanted = std::getenv("JARVIS_CASE");
  for (const Case& one : read_cases(CASES_FOLDER)) {
    if (wanted && one.name.find(wanted) == std::string::npos) continue;
    INFO("case " << one.name);
    const CaseWorld world(one);
    compare(one, carry_out(one, world));
    if (!one.paid) continue;
    REQUIRE(world.models());
    CHECK(world.models()->paid_calls() == *one.paid);
  }
}

TEST_CASE("cases: words match where a line breaks, and … stands for any words") {
  CHECK(matches("one two", "one\n  two\n"));
  CHECK(matches("one … four", "one two three four"));
  CHECK(matches("one …", "one"));
  CHECK(matches("… '{home}/a…'", "x y '{home}/abc'"));
  CHECK_FALSE(matches("one two", "one two three"));
  CHECK_FALSE(matches("one … two", "one three"));
  CHECK_FALSE(matches("", "one"));
}
