// Sessions one after the other, until more of them is no use.
#include <doctest/doctest.h>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

FakeBehaviour one_good_edit() {
  FakeBehaviour behaviour;
  behaviour.edits = {edit("good", "set_model_for_query_class",
                          {{"query_class", "math"}, {"model", "student-large"}})};
  return behaviour;
}

std::size_t sessions_in(const json::object& document) {
  return document.at("sessions").as_array().size();
}

}  // namespace

TEST_CASE("loop: what no session can start with is its own error") {
  const World world({}, 3);
  CHECK(world.run({"learning", "loop"}).status == 3);
  CHECK(world.run({"learning", "loop", "--max-sessions", "0"}).status == 2);
  CHECK(world.run({"learning", "loop", "--max-total-cost", "much"}).status == 2);
}

TEST_CASE("loop: ends after five sessions without gain, and one edit was applied once") {
  const World world(one_good_edit());
  const auto done = world.run({"learning", "loop"});
  REQUIRE(done.status == 0);
  const auto document = done.json();
  CHECK(sessions_in(document) == 6);
  CHECK(text_at(document, "/stopped_by") == "5 sessions in a row brought no gain");
  CHECK(world.commits().size() == 2);
  double sum = 0;
  for (const json::value& session : document.at("sessions").as_array())
    sum += session.at("teacher_cost_usd").to_number<double>();
  CHECK(document.at("total_cost_usd").to_number<double>() == doctest::Approx(sum));
}

TEST_CASE("loop: no more sessions and no more money than allowed") {
  const World world(one_good_edit());
  const auto two = world.run({"learning", "loop", "--max-sessions", "2"}).json();
  CHECK(sessions_in(two) == 2);
  CHECK(text_at(two, "/stopped_by") == "--max-sessions");

  const World poor(one_good_edit());
  const auto document = poor.run({"learning", "loop", "--max-total-cost", "0.2"}).json();
  CHECK(document.at("total_cost_usd").to_number<double>() <= 0.2);
  CHECK_FALSE(text_at(document, "/stopped_by").empty());
}

TEST_CASE("loop: files that were changed by hand end it") {
  World* running = nullptr;
  FakeBehaviour behaviour = one_good_edit();
  behaviour.before_plan = [&] { running->write("config.toml", running->config() + "# mine\n"); };
  World world(behaviour);
  running = &world;
  const auto done = world.run({"learning", "loop"});
  CHECK(done.status == 1);
  CHECK(sessions_in(done.json()) == 1);
  CHECK(text_at(done.json(), "/stopped_by").find("Working tree dirty") == 0);
}
