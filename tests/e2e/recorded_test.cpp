// Every run of the student is made once, whoever wants it: the diagnosis, the gate, the next
// session.
#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <regex>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
using Part = FakeCall::Part;

namespace {

/** The first request of a run: those that bring a tool's result go on with it. */
bool begins_run(const FakeCall& call) {
  if (call.part != Part::student) return false;
  const auto request = json::parse(call.body);
  return text_at(request.at("messages").as_array().back(), "/role") == "user";
}

int runs_of_student(const World& world) {
  const auto calls = world.models.calls();
  return static_cast<int>(std::count_if(calls.begin(), calls.end(), begins_run));
}

int number_in(const World& world, const std::string& sql) {
  Poco::Data::SQLite::Connector::registerConnector();
  Poco::Data::Session db("SQLite", (world.home / "learning" / "evaluations.db").string());
  int number = 0;
  db << sql, Poco::Data::Keywords::into(number), Poco::Data::Keywords::now;
  return number;
}

int recorded_runs(const World& world) {
  return number_in(
      world, "SELECT count(*) FROM (SELECT DISTINCT fingerprint, task_id, attempt FROM runs)");
}

void check_each_run_was_made_once(const World& world) {
  CHECK(runs_of_student(world) == recorded_runs(world));
  CHECK(number_in(world, "SELECT count(*) FROM runs") == recorded_runs(world));
}

json::object done(const World& world, const std::vector<std::string>& words) {
  const auto finished = world.run(words);
  REQUIRE_MESSAGE(finished.status == 0, (finished.out + finished.err));
  return finished.json();
}

FakeBehaviour five_edits(int noise) {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  behaviour.edits.push_back(edit("shorter", "set_agent_param",
                                 {{"agent", "simple"}, {"param", "max_turns"}, {"value", 2}}));
  behaviour.noise = noise;
  return behaviour;
}

/** The held-out tasks of the world's newest benchmark. */
std::vector<json::object> held_out_tasks(const World& world) {
  std::vector<json::object> tasks;
  const auto benchmark = json::parse(world.read("learning/benchmarks/personal_v1.json"));
  for (const json::value& task : benchmark.at("tasks").as_array())
    if (text_at(task, "/part") == "held_out") tasks.push_back(task.as_object());
  return tasks;
}

}  // namespace

TEST_CASE("recorded calls: the student is asked as often as there are different runs") {
  for (const int noise : {0, 25}) {
    CAPTURE(noise);
    const World world(five_edits(noise));
    done(world, {"learning", "init"});
    done(world, {"learning", "benchmark", "refresh"});
    CHECK(runs_of_student(world) == 0);

    const auto first = done(world, {"learning", "run"});
    REQUIRE(first.at("edits").as_array().size() == 5);
    check_each_run_was_made_once(world);
    const int after_first = runs_of_student(world);
    CHECK(after_first > 20);

    done(world, {"learning", "run"});
    check_each_run_was_made_once(world);
    CHECK(number_in(world, "SELECT count(DISTINCT session_id) FROM runs") == 2);
    CHECK(runs_of_student(world) > after_first);
    CHECK(number_in(world, "SELECT max(attempt) FROM runs") > 0);
    CHECK(world.models.count(Part::refused) == 0);
  }
}

TEST_CASE("recorded calls: a second session on the same files asks neither student nor judge") {
  FakeBehaviour behaviour;
  behaviour.noise = 25;
  const World world(behaviour);
  const auto first = done(world, {"learning", "run"});
  const int runs = runs_of_student(world), judgements = world.models.count(Part::judge);
  CHECK(runs > 0);
  const auto second = done(world, {"learning", "run"});
  CHECK(world.models.count(Part::student) == runs);
  CHECK(world.models.count(Part::judge) == judgements);
  CHECK(second.at("clusters") == first.at("clusters"));
}

TEST_CASE("recorded calls: neither question nor gold of a held-out task reaches the teacher") {
  const World world(five_edits(0));
  done(world, {"learning", "run"});
  done(world, {"learning", "run"});
  const auto tasks = held_out_tasks(world);
  REQUIRE(tasks.size() > 10);
  std::string sent;
  for (const FakeCall& call : world.models.calls())
    if (call.part == Part::diagnosis || call.part == Part::plan) sent += call.body + "\n";
  int towns = 0;
  for (const json::object& task : tasks) {
    const std::string query = text_at(task, "/query");
    REQUIRE(!query.empty());
    CHECK(sent.find(query) == std::string::npos);
    // Sums may have the same result; each town is named by one question alone.
    std::smatch town;
    const std::string gold = text_at(task, "/gold");
    if (!std::regex_search(gold, town, std::regex("Birdsford-\\d+"))) continue;
    ++towns;
    CHECK(!std::regex_search(sent, std::regex(town.str() + "\\b")));
  }
  CHECK(towns > 0);
}
