#include "core/session/diagnose/services.hpp"

#include <doctest/doctest.h>

#include "tests/unit/diagnose/diagnose_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

std::vector<std::string> ids_in(const Result<json::object>& answer, const char* field = "traces",
                                const char* key = "trace_id") {
  REQUIRE(answer);
  std::vector<std::string> ids;
  for (const json::value& row : answer->at(field).as_array())
    ids.emplace_back(row.at(key).as_string());
  return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("services: an unknown service, action or a missing field is an error that names it") {
  DiagnoseFixture fixture;
  const Asked ask(fixture);
  CHECK(ask("shell", {}).error().message.find("'shell'") != std::string::npos);
  CHECK(ask("traces", {}).error().message.find("'action'") != std::string::npos);
  CHECK(ask("traces", {{"action", "drop"}}).error().message.find("'drop'") != std::string::npos);
  CHECK(ask("traces", {{"action", "get"}}).error().kind == ErrorKind::invalid);
  CHECK(ask("traces", {{"action", 7}}).error().kind == ErrorKind::invalid);
  CHECK(ask("home", {{"action", "secrets"}}).error().kind == ErrorKind::invalid);
  CHECK(ask("benchmark", {{"action", "gold"}}).error().kind == ErrorKind::invalid);
  CHECK(ask("student", {}).error().message.find("task_id") != std::string::npos);
}

TEST_CASE("services: held-out and unknown tasks can be neither run nor compared") {
  DiagnoseFixture fixture;
  const Asked ask(fixture);
  for (const char* id : {"h1", "nothing", "", "source-of-h1"}) {
    CAPTURE(id);
    CHECK(ask("student", {{"task_id", id}}).error().kind == ErrorKind::not_found);
    CHECK(ask("teacher", {{"task_id", id}}).error().kind == ErrorKind::not_found);
    CHECK(ask("judge", {{"task_id", id}}).error().kind == ErrorKind::not_found);
  }
  CHECK(fixture.student.calls == 0);
  CHECK(fixture.teacher.calls == 0);
}

TEST_CASE("services: sources of held-out tasks and copies of their questions are hidden") {
  DiagnoseFixture fixture;
  fixture.traces.add("Something of my own", 0.1);
  fixture.traces.add("asked before", 0.1).id = "source-of-h1";
  fixture.traces.add("  what IS\n40 +   2? ", 0.1);
  const Asked ask(fixture);
  CHECK(ids_in(ask("traces", {{"action", "list"}})) == Ids{"trace-0"});
  CHECK(ids_in(ask("traces", {{"action", "search"}, {"query", "before"}})).empty());
  CHECK(ids_in(ask("traces", {{"action", "search"}, {"query", "own"}})) == Ids{"trace-0"});
  for (const char* id : {"source-of-h1", "source-of-", "trace-2"})
    CHECK(ask("traces", {{"action", "get"}, {"trace_id", id}}).error().kind ==
          ErrorKind::not_found);
  CHECK(ask("traces", {{"action", "get"}, {"trace_id", "trace-0"}}));
}

TEST_CASE("services: near duplicates of held-out questions are hidden, others are not") {
  DiagnoseFixture fixture;
  const std::string question = "please tell me in short words how a heat pump works in winter";
  fixture.benchmark->tasks.push_back(task_of("h9", Part::held_out, question, "well"));
  fixture.traces.add("Please tell me in short words how a heat pump works in winter thanks", 0.1);
  fixture.traces.add(question + " and why", 0.1);
  fixture.traces.add("please tell me in long words how a bicycle works in winter", 0.1);
  const Asked ask(fixture);
  CHECK(ids_in(ask("traces", {{"action", "list"}})) == Ids{"trace-2"});
  CHECK(ids_in(ask("traces", {{"action", "search"}, {"query", "winter"}})) == Ids{"trace-2"});
  CHECK(ask("traces", {{"action", "get"}, {"trace_id", "trace-1"}}).error().kind ==
        ErrorKind::not_found);
}

TEST_CASE("services: filters and hiding come before the limit") {
  DiagnoseFixture fixture;
  for (int i = 0; i < 200; ++i) fixture.traces.add("what is 40 + 2?", 0.1);
  fixture.traces.add_many(30, 0.9, "liked");
  fixture.traces.add_many(3, 0.1, "failed");
  const Asked ask(fixture);
  CHECK(ids_in(ask("traces", {{"action", "list"}, {"limit", 2}, {"max_feedback", 0.3}})) ==
        Ids{"trace-230", "trace-231"});
  CHECK(ids_in(ask("traces", {{"action", "list"}, {"limit", 100}})).size() == 33);
  CHECK(ids_in(ask("traces", {{"action", "list"}, {"limit", 5}, {"min_feedback", 0.5}})).size() ==
        5);
  CHECK(ids_in(ask("traces", {{"action", "search"}, {"query", "number"}, {"limit", 33}})).size() ==
        33);
}

TEST_CASE("services: limits out of range are put into range") {
  DiagnoseFixture fixture;
  fixture.traces.add_many(130, 0.1, "question");
  const Asked ask(fixture);
  CHECK(ids_in(ask("traces", {{"action", "list"}, {"limit", -5}})).size() == 1);
  CHECK(ids_in(ask("traces", {{"action", "list"}, {"limit", 1e9}})).size() == 100);
  CHECK(ids_in(ask("traces", {{"action", "list"}, {"limit", "many"}})).size() == 20);
}

TEST_CASE("services: the benchmark lists practice tasks alone, failing ones first") {
  DiagnoseFixture fixture;
  fixture.benchmark->tasks[1].stratum = Stratum::repair;
  const Asked ask(fixture);
  CHECK(ids_in(ask("benchmark", {{"action", "list"}}), "tasks", "task_id") == Ids{"p2", "p1"});
  CHECK(ids_in(ask("benchmark", {{"action", "list"}, {"limit", 1}}), "tasks", "task_id") ==
        Ids{"p2"});
}

TEST_CASE("services: without a benchmark rated traces are the tasks, failing ones first") {
  DiagnoseFixture fixture;
  fixture.benchmark.reset();
  fixture.traces.add("liked", 0.9);
  fixture.traces.add("failed", 0.1);
  fixture.traces.add("unrated", 0.0).feedback.reset();
  const Asked ask(fixture);
  const auto listed = ask("benchmark", {{"action", "list"}});
  CHECK(ids_in(listed, "tasks", "task_id") == Ids{"trace-1", "trace-0"});
  CHECK(listed->contains("note"));
}

TEST_CASE("services: the home gives configuration, prompts and tools, and says what is missing") {
  DiagnoseFixture fixture;
  fixture.home.files["agents/simple/system_prompt.md"] = "Be brief.";
  const Asked ask(fixture);
  CHECK(ask("home", {{"action", "config"}})->at("config") == json::value(fixture.config));
  CHECK(ask("home", {{"action", "agent_prompt"}, {"agent", "simple"}})->at("prompt") ==
        "Be brief.");
  CHECK(ask("home", {{"action", "agent_prompt"}, {"agent", "other"}})
            .error()
            .message.find("'other'") != std::string::npos);
  CHECK(ask("home", {{"action", "tools"}})->at("tools").as_array().size() == 1);
  CHECK(ask("home", {{"action", "tool_description"}, {"tool", "calculator"}})->at("description") ==
        "adds");
  CHECK(ask("home", {{"action", "tool_description"}, {"tool", "rm"}}).error().kind ==
        ErrorKind::not_found);
}

TEST_CASE("services: a run gives output, time and tokens") {
  DiagnoseFixture fixture;
  const Asked ask(fixture);
  const auto ran = ask("student", {{"task_id", "p1"}});
  REQUIRE(ran);
  CHECK(ran->at("output") == "wrong");
  CHECK(ran->at("tokens_used") == 7);
  CHECK(ran->contains("latency_seconds"));
  const auto own = ask("teacher", {{"task_id", "p1"}, {"max_tokens", 1e9}});
  REQUIRE(own);
  CHECK(own->at("output") == "42");
}
