#include "core/privacy/eligible_traces.hpp"

#include <doctest/doctest.h>

#include "tests/support/fakes/traces.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** Ten traces, of which 1 is marked private, 3 in another form, and 5 is of an excluded agent. */
struct Fixture {
  Fixture() {
    all.add_many(10, 0.9, "question");
    all.traces[1].metadata = {{"private", true}};
    all.traces[3].metadata = {{"privacy", "private"}};
    all.traces[4].metadata = {{"private", false}, {"source", "import"}};
    all.traces[5].agent = "diary";
  }

  FakeTraces all;
  Eligibility eligibility{{"diary"}};
  EligibleTraces traces{all, eligibility};
};

std::vector<std::string> ids(const Result<std::vector<Trace>>& traces) {
  std::vector<std::string> found;
  for (const Trace& trace : *traces) found.push_back(trace.id);
  return found;
}

}  // namespace

TEST_CASE("eligible traces: one that may not leave is not found, and the error says why") {
  const Fixture fixture;
  for (const char* id : {"trace-1", "trace-3", "trace-5"}) {
    const auto trace = fixture.traces.get(id);
    REQUIRE_FALSE(trace.ok());
    CHECK(trace.error().kind == ErrorKind::not_found);
    CHECK(trace.error().hint.find("exclude_agents") != std::string::npos);
  }
  CHECK(fixture.traces.get("trace-4").ok());
}

TEST_CASE("eligible traces: marks in any spelling count, odd metadata does not") {
  const Eligibility eligibility({});
  Trace trace;
  for (const json::value& metadata :
       {json::value{{"private", 1}}, json::value{{"private", "yes"}},
        json::value{{"private", "true"}}, json::value{{"privacy", "private"}}}) {
    trace.metadata = metadata;
    CHECK_FALSE(eligibility.may_leave(trace));
  }
  for (const json::value& metadata :
       {json::value(nullptr), json::value("private"), json::value{{"private", 0}},
        json::value{{"private", "no"}}, json::value{{"privacy", "public"}},
        json::value{{"privacy", 7}}}) {
    trace.metadata = metadata;
    CHECK(eligibility.may_leave(trace));
  }
}

TEST_CASE("eligible traces: a limit counts what may leave, and filters apply before it") {
  const Fixture fixture;
  TraceFilter filter;
  filter.limit = 4;
  CHECK(ids(fixture.traces.list(filter)) ==
        std::vector<std::string>{"trace-0", "trace-2", "trace-4", "trace-6"});
  filter.limit = 100;
  CHECK(fixture.traces.list(filter)->size() == 7);
  filter.limit = 0;
  CHECK(fixture.traces.list(filter)->empty());
  CHECK(ids(fixture.traces.search("number", 2)) == std::vector<std::string>{"trace-0", "trace-2"});
  CHECK(*fixture.traces.count() == 7);
}

TEST_CASE("eligible traces: a benchmark loses the tasks of traces that may not leave any more") {
  const Fixture fixture;
  Benchmark benchmark;
  for (const char* trace : {"trace-0", "trace-1", "gone"}) {
    Task task;
    task.id = std::string("task of ") + trace;
    task.trace_id = trace;
    benchmark.tasks.push_back(task);
  }
  benchmark.tasks[0].agent = "simple";
  benchmark.tasks.push_back(benchmark.tasks[2]);
  benchmark.tasks.back().agent = "diary";
  const Benchmark left = fixture.eligibility.eligible(benchmark, fixture.all);
  REQUIRE(left.tasks.size() == 2);
  CHECK(left.tasks[0].trace_id == "trace-0");
  CHECK(left.tasks[1].trace_id == "gone");
}
