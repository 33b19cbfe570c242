#include <doctest/doctest.h>

#include <algorithm>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
using Part = FakeCall::Part;

namespace {

constexpr const char* kDisk = "learning/evaluations.db";

/** What `power` says of the judge. */
json::object judge_of(const World& world, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"learning", "benchmark", "power"};
  words.insert(words.end(), more.begin(), more.end());
  const auto finished = world.run(words);
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  const json::object document = finished.json();
  CHECK(document.at("one_edit").at("candidate_runs").to_number<double>() > 0);
  return document.at("judge").as_object();
}

std::int64_t asked(const json::object& judge, const char* against) {
  return judge.at(against).at("asked").to_number<std::int64_t>();
}

void refresh(const World& world) {
  REQUIRE(world.run({"learning", "benchmark", "refresh"}).status == 0);
}

}  // namespace

TEST_CASE("power: a damaged ledger is set aside, and the judge is asked anew") {
  const World world;
  refresh(world);
  for (const char* suffix : {"", "-wal", "-shm"})
    std::filesystem::remove(world.home / (std::string(kDisk) + suffix));
  world.write(kDisk, std::string(5000, 'x'));
  const int before = world.models.count(Part::judge);
  const json::object unasked = judge_of(world, {"--no-calls"});
  CHECK(asked(unasked, "with_itself") == 0);
  CHECK(text_at(unasked, "/note").find("is damaged or not a database") != std::string::npos);
  CHECK(world.models.count(Part::judge) == before);
  CHECK(world.read(kDisk) == std::string(5000, 'x'));
  CHECK(asked(judge_of(world), "with_itself") > 0);
  CHECK(world.models.count(Part::judge) > before);
  const auto learning = std::filesystem::directory_iterator(world.home / "learning");
  CHECK(std::any_of(begin(learning), end(learning), [](const auto& entry) {
    return entry.path().filename().string().rfind("evaluations.db.broken-", 0) == 0;
  }));
}

TEST_CASE("power: what an excluded agent answered is not sent") {
  const World world;
  refresh(world);
  set_config(world.home, {"learning", "distillation", "privacy", "exclude_agents"},
             json::array{"simple"});
  const int before = world.models.count(Part::judge);
  const auto judge = judge_of(world);
  CHECK(asked(judge, "with_itself") == 0);
  CHECK(asked(judge, "with_user") == 0);
  CHECK(world.models.count(Part::judge) == before);
}

TEST_CASE("power: the judge spends no more than a session may") {
  const World world;
  refresh(world);
  for (const char* price : {"input_price_per_mtok", "output_price_per_mtok"})
    set_config(world.home, {"learning", "distillation", "judge", price}, json::value(1000.0));
  set_config(world.home, {"learning", "distillation", "max_cost_per_session_usd"},
             json::value(0.01));
  const int before = world.models.count(Part::judge);
  const auto judge = judge_of(world);
  CHECK(judge.at("cost_usd").to_number<double>() <= 0.01);
  CHECK(text_at(judge, "/note").find("answers without a judgement: ") == 0);
  CHECK(world.models.count(Part::judge) <= before + 1);
}

TEST_CASE("power: needs no teacher, and never pays twice") {
  World world;
  refresh(world);
  world.environment.erase("FERRENMARK_KEY");
  CHECK(asked(judge_of(world, {"--no-calls"}), "with_itself") == 0);
  const int before = world.models.count(Part::judge);
  const int paid = world.models.paid_calls();
  const auto first = judge_of(world);
  const int calls = world.models.count(Part::judge) - before;
  CHECK(calls > 20);
  CHECK(world.models.paid_calls() - paid == calls);
  CHECK(first.at("calls").to_number<int>() == calls);
  CHECK(first.at("note").is_null());
  CHECK(asked(first, "with_itself") == 20);
  CHECK(asked(first, "with_user") == 20);
  CHECK(first.at("with_itself").at("disagree") == 0);
  for (auto again : {judge_of(world), judge_of(world, {"--no-calls"})}) {
    CHECK(again.at("calls") == 0);
    CHECK(again.at("with_itself") == first.at("with_itself"));
    CHECK(again.at("with_user") == first.at("with_user"));
  }
  CHECK(world.models.count(Part::judge) - before == calls);
}

TEST_CASE("power: after a session the recorded answers are judged once more") {
  FakeBehaviour behaviour;
  behaviour.edits = {four_edits().at(1)};
  const World world(std::move(behaviour));
  REQUIRE(world.run({"learning", "run"}).status == 0);
  const int students = world.models.count(Part::student);
  const auto judge = judge_of(world);
  CHECK(asked(judge, "with_itself") == 20);
  CHECK(judge.at("calls").to_number<int>() <= 40);
  CHECK(world.models.count(Part::student) == students);
}
