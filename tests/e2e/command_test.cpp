// Sessions whose student is a program of the user's.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;
namespace json = boost::json;
using Part = FakeCall::Part;
using Strings = std::vector<std::string>;

namespace {

void use_command(const World& world, const json::array& command) {
  const auto set = [&](const char* key, const json::value& value) {
    set_config(world.home, {"learning", "distillation", "student", key}, value);
  };
  set("runner", "command");
  set("command", command);
  set("timeout_seconds", 20);
}

FakeBehaviour planning_four_edits() {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  return behaviour;
}

/** What doctor found of the student. */
json::object student_check(const World& world) {
  const json::object document = world.run({"doctor"}).json();
  for (const json::value& check : document.at("checks").as_array())
    if (text_at(check, "/subject") == "student") return check.as_object();
  return {};
}

}  // namespace

TEST_CASE("command: a session learns for a program that reads its home") {
  const World world(planning_four_edits());
  use_command(world, {SHOP_AGENT, "--", "{query}"});
  const auto finished = world.run({"learning", "run"});
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  const auto document = finished.json();
  CHECK(statuses(document) == Strings{"rejected_by_gate", "applied", "pending_review", "skipped"});
  CHECK(world.config().find("math = \"student-large\"\n") != std::string::npos);
  CHECK(world.models.count(Part::student) == 0);
  const fs::path staging = world.home / "learning/staging";
  CHECK((!fs::exists(staging) || fs::is_empty(staging)));

  SUBCASE("what it wrote into staged homes is in no commit") {
    for (const std::string& file : world.tracked()) CHECK(file != "agent-notes.txt");
  }
  SUBCASE("a question is answered by it, with what was learned") {
    const auto asked = world.run({"ask", question(40)});
    INFO(asked.out << asked.err);
    REQUIRE(asked.status == 0);
    CHECK(asked.out.find("student-large") != std::string::npos);
    CHECK(world.read("agent-notes.txt").find(question(40)) != std::string::npos);
  }
}

TEST_CASE("command: a program that gives no answers changes nothing") {
  const World world(planning_four_edits());
  use_command(world, {"/bin/false", "{query}"});
  const std::string before = world.config();
  const auto finished = world.run({"learning", "run"});
  INFO(finished.out << finished.err);
  const auto document = finished.json();
  for (const std::string& status : statuses(document)) CHECK(status != "applied");
  CHECK(world.config() == before);
}

TEST_CASE("command: doctor and a session say what is wrong with the program") {
  const World world(planning_four_edits());
  use_command(world, {SHOP_AGENT, "--", "{query}"});
  CHECK(text_at(student_check(world), "/state") == "ok");

  use_command(world, {"/nowhere/agent", "{query}"});
  CHECK(text_at(student_check(world), "/message") ==
        "the student's command '/nowhere/agent' does not exist");
  const auto run = world.run({"learning", "run"});
  CHECK(run.status != 0);
  CHECK((run.out + run.err).find("'/nowhere/agent' does not exist") != std::string::npos);
  CHECK(world.models.paid_calls() == 0);
}

TEST_CASE("command: this program is refused, by path, by link and by name") {
  World world;
  const fs::path program = fs::canonical(JARVIS_PROGRAM);
  world.environment["PATH"] = program.parent_path().string() + ":/usr/bin:/bin";
  for (const std::string& named :
       {program.string(), (program.parent_path() / "jarvis-learning").string(),
        std::string("jarvis"), std::string("jarvis-learning")}) {
    CAPTURE(named);
    use_command(world, {named, "ask", "{query}"});
    const auto asked = world.run({"ask", "How many?"});
    CHECK(asked.status != 0);
    CHECK((asked.out + asked.err).find("which would call itself") != std::string::npos);
  }
}

TEST_CASE("command: a script that calls this program back is found out") {
  World world;
  const std::string program = fs::canonical(JARVIS_PROGRAM).string();
  if (program.rfind(fs::temp_directory_path().string() + "/", 0) == 0) {
    MESSAGE("skipped: built below the folder for temporary files, which a sandbox has of its own");
    return;
  }
  const fs::path script =
      world.directory.write("loops", "#!/bin/sh\nexec " + program + " ask \"$1\"\n");
  ::chmod(script.c_str(), 0755);
  use_command(world, {script.string(), "{query}"});
  const auto asked = world.run({"ask", "How many?"});
  CHECK(asked.status != 0);
  CHECK((asked.out + asked.err).find("called this program") != std::string::npos);
}

TEST_CASE("command: --local refuses a program that may reach the network") {
  const World world(planning_four_edits());
  use_command(world, {SHOP_AGENT, "--", "{query}"});
  set_config(world.home, {"learning", "distillation", "student", "network"}, true);
  const auto run = world.run({"learning", "run", "--local"});
  CHECK(run.status != 0);
  CHECK((run.out + run.err).find("--local refuses the student") != std::string::npos);
  CHECK(world.models.paid_calls() == 0);
}
