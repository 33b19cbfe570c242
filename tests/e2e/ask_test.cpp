// The loop that closes by this program alone: ask, rate, learn, ask again.
#include <doctest/doctest.h>

#include "core/home/lock.hpp"
#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

FakeBehaviour with_better_model() {
  FakeBehaviour behaviour;
  behaviour.students = {{"student-small", 50}, {"student-large", 97}};
  behaviour.edits = {edit("better", "set_model_for_query_class",
                          {{"query_class", "general"}, {"model", "student-large"}}),
                     edit("sums", "set_model_for_query_class",
                          {{"query_class", "math"}, {"model", "student-large"}}),
                     edit("short", "set_model_for_query_class",
                          {{"query_class", "short"}, {"model", "student-large"}})};
  return behaviour;
}

std::string asked_model(const World& world) {
  const auto calls = world.models.calls();
  for (auto call = calls.rbegin(); call != calls.rend(); ++call)
    if (call->part == FakeCall::Part::student) return call->model;
  return "";
}

}  // namespace

TEST_CASE("ask: a question that cannot be answered leaves no trace") {
  const World world({}, 0);
  set_config(world.home, {"learning", "distillation", "student", "base_url"},
             json::value(unreachable_url()));
  const auto failed = world.say({"ask", question(1)});
  CHECK(failed.status == 1);
  CHECK(failed.out.empty());
  CHECK(failed.err.find("cannot be reached") != std::string::npos);
  CHECK(world.run({"traces", "list"}).json().at("traces").as_array().empty());
}

TEST_CASE("ask: nothing to ask is wrong usage") {
  const World world({}, 0);
  const auto empty = world.run({"ask", "-"});
  CHECK(empty.status == 2);
  CHECK(text_at(empty.json(), "/error/message") == "there is no question on standard input");
}

TEST_CASE("ask: prints the answer and nothing else, and records how it came") {
  const World world({}, 0);
  const auto said = world.say({"ask", question(1)});
  REQUIRE(said.status == 0);
  CHECK_FALSE(said.out.empty());
  CHECK(said.out.find("trace") == std::string::npos);
  const auto traces = world.run({"traces", "list"}).json();
  REQUIRE(traces.at("traces").as_array().size() == 1);
  const auto shown = world.run({"traces", "show", text_at(traces, "/traces/0/trace_id")}).json();
  CHECK(text_at(shown, "/trace/query") == question(1));
  CHECK(text_at(shown, "/trace/result") + "\n" == said.out);
  CHECK(text_at(shown, "/trace/model") == "student-small");
  CHECK(text_at(shown, "/trace/agent") == "simple");
  const json::array& steps = shown.at("trace").at("steps").as_array();
  REQUIRE(steps.size() == 2);
  CHECK(text_at(steps[0], "/step_type") == "generate");
  CHECK(text_at(steps[1], "/step_type") == "respond");
}

TEST_CASE("ask: a model that is named answers, whatever the home says") {
  const World world({}, 0);
  CHECK(world.run({"ask", "--model", "student-large", question(1)}).status == 0);
  CHECK(asked_model(world) == "student-large");
}

TEST_CASE("ask and feedback: work while a session holds the home") {
  const World world({}, 0);
  const auto lock = jarvis::HomeLock::take(world.home, "learning run");
  REQUIRE(lock);
  CHECK(world.run({"ask", question(1)}).status == 0);
  CHECK(world.run({"feedback", "thumbs", "--up"}).status == 0);
  CHECK(world.run({"feedback", "evaluate"}).status == 4);
}

TEST_CASE("feedback: only what is a rating of a trace that is there") {
  const World world({}, 3);
  CHECK(world.run({"feedback", "thumbs"}).status == 2);
  CHECK(world.run({"feedback", "thumbs", "--up", "--down"}).status == 2);
  CHECK(world.run({"feedback", "score", "nobody", "-s", "1"}).status == 1);
  const auto id = text_at(world.run({"traces", "list"}).json(), "/traces/0/trace_id");
  CHECK(world.run({"feedback", "score", id, "-s", "1.5"}).status == 1);
  CHECK(world.run({"feedback", "score", id}).status == 2);
  CHECK(world.run({"feedback", "score", id, "-s", "0.25"}).status == 0);
  CHECK(world.run({"traces", "show", id}).json().at("trace").at("feedback").as_double() == 0.25);
  CHECK(world.run({"feedback", "evaluate", "--since", "soon"}).status == 2);
}

TEST_CASE("feedback: the judge rates what nobody rated, and a person has the last word") {
  const World world({}, 0);
  CHECK(world.run({"ask", question(1)}).status == 0);
  CHECK(world.run({"ask", question(2)}).status == 0);
  CHECK(world.run({"feedback", "thumbs", "--down"}).status == 0);
  const auto evaluated = world.run({"feedback", "evaluate"}).json();
  CHECK(evaluated.at("evaluated").as_int64() == 1);
  auto stats = world.run({"feedback", "stats"}).json();
  CHECK(stats.at("rated").as_int64() == 2);
  CHECK(stats.at("rated_by_judge").as_int64() == 1);
  const auto traces = world.run({"traces", "list"}).json();
  for (const json::value& trace : traces.at("traces").as_array())
    CHECK(world.run({"feedback", "thumbs", "--up", text_at(trace, "/trace_id")}).status == 0);
  stats = world.run({"feedback", "stats"}).json();
  CHECK(stats.at("rated_by_judge").as_int64() == 0);
  CHECK(stats.at("liked").as_int64() == 2);
}

TEST_CASE("from nothing: thirty questions, ratings, a session, and the next answer is another") {
  const World world(with_better_model(), 0);
  for (std::size_t i = 0; i < 30; ++i) {
    const auto asked = world.run({"ask", question(i)});
    REQUIRE(asked.status == 0);
    const auto answer = asked.json();
    const bool right = is_within(i, 50);
    CHECK(world
              .run({"feedback", "thumbs", right ? "--up" : "--down",
                    text_at(answer, "/trace/trace_id")})
              .status == 0);
  }
  const auto session = world.run({"learning", "run"});
  REQUIRE(session.status == 0);
  CAPTURE(session.out);
  const auto found = statuses(session.json());
  CHECK(std::count(found.begin(), found.end(), "applied") >= 1);
  CHECK(asked_model(world) != "");
  CHECK(world.run({"ask", question(3)}).status == 0);
  CHECK(asked_model(world) == "student-large");
}
