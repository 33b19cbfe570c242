#include <doctest/doctest.h>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
namespace fs = std::filesystem;
using Part = FakeCall::Part;

namespace {

using Strings = std::vector<std::string>;

/** session.json of the only session. */
json::object recorded_session(const World& world) {
  for (const auto& entry : fs::directory_iterator(world.home / "learning" / "sessions"))
    return json::parse(world.read("learning/sessions/" + entry.path().filename().string() +
                                  "/session.json"))
        .as_object();
  return {};
}

}  // namespace

TEST_CASE("teacher: rates of 0.99 that it claims are kept beside the measured ones") {
  FakeBehaviour behaviour;
  behaviour.claimed_rate = 0.99;
  const World world(behaviour);
  const auto document = world.run({"learning", "run"}).json();
  const auto& cluster = document.at("clusters").at(0);
  CHECK(cluster.at("claimed").at("student_failure_rate").to_number<double>() ==
        doctest::Approx(0.99));
  CHECK(cluster.at("claimed").at("teacher_success_rate").to_number<double>() ==
        doctest::Approx(0.99));
  CHECK(cluster.at("student_failure_rate").to_number<double>() != doctest::Approx(0.99));
  CHECK(cluster.at("teacher_success_rate").to_number<double>() == doctest::Approx(1.0));
}

TEST_CASE(
    "teacher: a cluster without evidence fails the session, which is recorded with what it cost") {
  FakeBehaviour behaviour;
  behaviour.skips_evidence = true;
  behaviour.claimed_rate = 0.9;
  behaviour.edits = four_edits();
  const World world(behaviour);
  const auto finished = world.run({"learning", "run"});
  CHECK(finished.status == 1);
  const auto document = finished.json();
  CHECK(text_at(document, "/error/message") == "All clusters dropped: insufficient evidence");
  CHECK(text_at(document, "/session/error/message") ==
        "All clusters dropped: insufficient evidence");
  CHECK(text_at(document, "/session/status") == "failed");
  CHECK(document.at("clusters").at(0).at("dropped").as_bool());
  CHECK(document.at("session").at("teacher_cost_usd").to_number<double>() > 0);
  CHECK(document.at("edits").as_array().empty());
  CHECK(world.models.count(Part::plan) == 0);
  const auto session = recorded_session(world);
  CHECK(text_at(session, "/status") == "failed");
  CHECK(session.at("teacher_cost_usd").to_number<double>() > 0);
  CHECK(world.commits().size() == 1);
}

TEST_CASE(
    "teacher: a plan that cannot be read fails the session after a second try, and changes "
    "nothing") {
  FakeBehaviour behaviour;
  behaviour.plans_nonsense = true;
  const World world(behaviour);
  const std::string before = world.config();
  const auto finished = world.run({"learning", "run"});
  CHECK(finished.status == 1);
  CHECK(text_at(finished.json(), "/error/message") != "");
  CHECK(world.models.count(Part::plan) == 2);
  CHECK(world.config() == before);
  CHECK(text_at(recorded_session(world), "/status") == "failed");
}

TEST_CASE("teacher: edits that do not fit are skipped each with its reason, and the rest goes on") {
  FakeBehaviour behaviour;
  behaviour.edits = {edit("unknown", "paint_the_house", {{"colour", "red"}}),
                     edit("schema", "set_model_for_query_class", {{"query_class", 7}}),
                     edit("nothing", "set_model_for_query_class",
                          {{"query_class", "short"}, {"model", "student-small"}}),
                     edit("better", "set_model_for_query_class",
                          {{"query_class", "math"}, {"model", "student-large"}})};
  const World world(behaviour);
  const auto document = world.run({"learning", "run"}).json();
  CHECK(statuses(document) == Strings{"skipped", "skipped", "skipped", "applied"});
  for (std::size_t i = 0; i < 3; ++i) CHECK(text_at(document.at("edits").at(i), "/error") != "");
}

TEST_CASE("teacher: an OpenAI model in its place needs another config and nothing else") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  const World world(behaviour);
  set_config(world.home, {"learning", "distillation", "teacher_model"}, "gpt-5");
  const auto finished = world.run({"learning", "run"});
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  CHECK(statuses(finished.json()) ==
        Strings{"rejected_by_gate", "applied", "pending_review", "skipped"});
  CHECK(world.models.count(Part::refused) == 0);
  for (const FakeCall& call : world.models.calls()) CHECK(call.target != "/v1/messages");
}

TEST_CASE("teacher: as its own judge, where none is configured, it does the same") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  const World world(behaviour);
  const std::string config = world.config();
  world.write("config.toml", config.substr(0, config.find("[learning.distillation.judge]")));
  const auto finished = world.run({"learning", "run", "--max-cost", "50"});
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  CHECK(statuses(finished.json()) ==
        Strings{"rejected_by_gate", "applied", "pending_review", "skipped"});
  CHECK(world.models.count(Part::refused) == 0);
  CHECK(finished.json().at("session").at("cost_by_purpose").as_object().size() > 2);
}

TEST_CASE("teacher: no key is in any file of the home") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  World world(behaviour);
  world.environment["FERRENMARK_KEY"] = "sk-canary-0123456789abcdef";
  REQUIRE(world.run({"-vv", "learning", "run"}).status == 0);
  for (const auto& entry : fs::recursive_directory_iterator(world.home))
    if (entry.is_regular_file()) {
      CAPTURE(entry.path());
      CHECK(world.read(fs::relative(entry.path(), world.home).string()).find("sk-canary") ==
            std::string::npos);
    }
}
