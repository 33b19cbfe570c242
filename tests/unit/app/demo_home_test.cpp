#include "core/app/cli/demo_home.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "core/model/query_class.hpp"
#include "plugins/shared/rehearsal_student.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;

TEST_CASE("demo home: refuses a directory that holds a config.toml") {
  const testing::TemporaryDirectory home;
  home.write("config.toml", "mine = true\n");
  const auto made = make_demo_home(home.path());
  REQUIRE(!made);
  CHECK(made.error().kind == ErrorKind::refused);
  CHECK(home.read("config.toml") == "mine = true\n");
  CHECK(!std::filesystem::exists(home.path() / "agents"));
}

TEST_CASE("demo home: sixty different questions, rated as the small model answers them") {
  const testing::TemporaryDirectory home;
  const auto traces = make_demo_home(home.path() / "new");
  REQUIRE(traces);
  REQUIRE(traces->size() == 60);
  std::set<std::string> queries, ids;
  std::map<std::string, int> classes;
  int liked = 0;
  for (const Trace& trace : *traces) {
    queries.insert(trace.query);
    ids.insert(trace.id);
    ++classes[std::string(classify(trace.query))];
    if (trace.feedback == 1.0) ++liked;
    const auto question = rehearsal::parse_question(trace.query);
    REQUIRE(question);
    const auto answer = rehearsal::work_out(*question).answer;
    const bool right = trace.result.substr(trace.result.rfind("A: ")) == "A: " + answer;
    CHECK(right == (trace.feedback == 1.0));
  }
  CHECK(queries.size() == 60);
  CHECK(ids.size() == 60);
  CHECK(classes["math"] == 42);
  CHECK(classes["short"] == 12);
  CHECK(classes["general"] == 6);
  CHECK(liked >= 25);
  CHECK(liked <= 45);
}

TEST_CASE("demo home: is the same every time") {
  const testing::TemporaryDirectory home;
  const auto one = make_demo_home(home.path() / "one");
  const auto two = make_demo_home(home.path() / "two");
  REQUIRE(one);
  REQUIRE(two);
  CHECK(home.read("one/config.toml") == home.read("two/config.toml"));
  for (std::size_t i = 0; i < one->size(); ++i) {
    CHECK((*one)[i].id == (*two)[i].id);
    CHECK((*one)[i].result == (*two)[i].result);
  }
}
