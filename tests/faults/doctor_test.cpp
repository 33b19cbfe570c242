// What doctor finds in a home that something happened to, and the mend that it names.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

#include "core/home/traces/trace_writer.hpp"
#include "tests/faults/rehearsal_home.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

struct Found {
  std::string state, message, hint;
};

/** The findings about a subject that are not well. */
std::vector<Found> problems(const Finished& finished, const std::string& subject) {
  const auto document = finished.json();
  std::vector<Found> found;
  for (const json::value& check : document.at("checks").as_array())
    if (check.at("subject").as_string() == subject && check.at("state") != "ok")
      found.push_back({std::string(check.at("state").as_string()),
                       std::string(check.at("message").as_string()),
                       std::string(check.at("hint").as_string())});
  return found;
}

Found problem(const RehearsalHome& world, const std::string& subject,
              const std::map<std::string, std::string>& environment = {}) {
  const auto finished = world.run({"doctor"}, environment);
  const auto found = problems(finished, subject);
  REQUIRE_MESSAGE(found.size() == 1, finished.out);
  return found.front();
}

bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

struct InitialisedHome : RehearsalHome {
  InitialisedHome() { REQUIRE(run({"learning", "init"}).status == 0); }
};

}  // namespace

TEST_CASE("doctor: what is well needs no mend, and to look changes nothing") {
  const InitialisedHome world;
  const auto finished = world.run({"doctor"});
  CHECK(finished.status == 0);
  for (const char* subject : {"stores", "rights", "disk", "clock", "lock", "leftovers", "triggers"})
    CHECK(problems(finished, subject).empty());
}

TEST_CASE("doctor: rights that let others in are named with the command that takes them back") {
  const InitialisedHome world;
  world.write("learning/ledger.jsonl", "");
  fs::permissions(world.home / "learning/ledger.jsonl", fs::perms(0644));
  const Found file = problem(world, "rights");
  CHECK(says(file.message, "ledger.jsonl' can be read or changed by others"));
  CHECK(says(file.hint, "chmod go-rwx '"));
  fs::permissions(world.home / "learning/ledger.jsonl", fs::perms(0600));
  fs::permissions(world.home / "learning", fs::perms(0755));
  CHECK(says(problem(world, "home").hint, "chmod 700 "));
}

TEST_CASE("doctor: what steers the assistant and may be changed by others is named") {
  const InitialisedHome world;
  fs::permissions(world.home / "config.toml", fs::perms(0666));
  CHECK(says(problem(world, "rights").message, "config.toml' can be changed by others"));
  CHECK(says(problem(world, "rights").hint, "chmod go-w '"));
  fs::permissions(world.home / "config.toml", fs::perms(0644));
  CHECK(problems(world.run({"doctor"}), "rights").empty());
}

TEST_CASE("doctor: a home without its repository is told to make one") {
  const InitialisedHome world;
  fs::remove_all(world.home / ".git");
  CHECK(says(problem(world, "home").hint, "jarvis learning init"));
}

TEST_CASE("doctor: a lock and scratch homes that a sudden end left are named, and do no harm") {
  const InitialisedHome world;
  world.write("learning/lock", R"({"pid":4194999,"host":"h","command":"learning run","since":""})");
  world.write("learning/staging/edit-1/home/config.toml", "");
  CHECK(says(problem(world, "lock").message, "is of a process that is gone"));
  CHECK(says(problem(world, "leftovers").message, "1 scratch copies"));
  CHECK(world.session().status == 0);
  const auto finished = world.run({"doctor"});
  CHECK(problems(finished, "lock").empty());
  CHECK(problems(finished, "leftovers").empty());
}

TEST_CASE("doctor: a cron expression that is wrong is named by its key") {
  const InitialisedHome world;
  set_config(world.home, {"learning", "distillation", "triggers", "scheduled_enabled"}, true);
  set_config(world.home, {"learning", "distillation", "triggers", "scheduled_cron"}, "61 * * * *");
  const Found found = problem(world, "triggers");
  CHECK(found.state == "bad");
  CHECK(says(found.message, "learning.distillation.triggers.scheduled_cron"));
}

TEST_CASE("doctor: an error in config.toml is named with its line") {
  const InitialisedHome world;
  const std::string before = world.read("config.toml");
  world.write("config.toml", before + "\n[learning\n");
  const Found found = problem(world, "config.toml");
  CHECK(found.state == "bad");
  const auto lines = std::count(before.begin(), before.end(), '\n');
  CHECK(says(found.message, "config.toml:" + std::to_string(lines + 2)));
}

TEST_CASE("doctor: the newest trace from the future puts the clock in doubt") {
  const InitialisedHome world;
  jarvis::Trace trace = made_up_trace(0, 50);
  trace.id = "fromthefuture";
  trace.started_at = 4102444800;
  trace.ended_at = trace.started_at;
  REQUIRE(jarvis::insert_traces(world.home / "traces.db", {trace}));
  CHECK(says(problem(world, "clock").message, "the newest trace is from 2100-01-01"));
}

TEST_CASE("doctor: bubblewrap that is missing is a warning where a command of the user's runs") {
  const InitialisedHome world;
  set_config(world.home, {"learning", "distillation", "student", "runner"}, "command");
  set_config(world.home, {"learning", "distillation", "student", "command"},
             json::array{"/bin/cat", "{query}"});
  const Found found = problem(world, "sandbox", {{"PATH", "/nowhere"}});
  CHECK(found.state == "warning");
  CHECK(found.hint == "install bubblewrap");
}

TEST_CASE("doctor: what was set aside is named until somebody removes it") {
  const InitialisedHome world;
  world.write("learning/learning.db.broken-20260101T000000Z", "rubbish");
  CHECK(says(problem(world, "stores").message, "was set aside as broken"));
  fs::remove(world.home / "learning/learning.db.broken-20260101T000000Z");
  CHECK(problems(world.run({"doctor"}), "stores").empty());
}
