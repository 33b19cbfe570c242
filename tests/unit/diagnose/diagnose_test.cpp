#include "core/session/diagnose/diagnose.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/unit/diagnose/diagnose_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

const std::string kOne = R"([{"id": "a", "description": "sums", "task_ids": ["p1"],
  "sample_trace_ids": ["trace-0", "source-of-h1", "nothing"],
  "student_failure_rate": 0.99, "teacher_success_rate": 0.98}])";

/** Runs and compares p1 and concludes with one cluster. */
void script_one(DiagnoseFixture& fixture) {
  fixture.turns = {says("", {run_student("p1"), run_self("p1"), compare("p1")}),
                   says(clusters_text(kOne))};
}

/** How many results of the last tool turn say that no calls are left. */
int refused_in(const sdk::Message& message) {
  int refused = 0;
  for (const sdk::ToolResult& result : message.tool_results)
    if (result.content.find("no tool calls are left") != std::string::npos) ++refused;
  return refused;
}

}  // namespace

TEST_CASE("diagnose: an error of the teacher ends it") {
  DiagnoseFixture fixture;
  fixture.turns = {Error{ErrorKind::unavailable, "no answer", "start it"}};
  const auto diagnosis = fixture.run();
  REQUIRE_FALSE(diagnosis);
  CHECK(diagnosis.error().kind == ErrorKind::unavailable);
  CHECK(fixture.files.texts.empty());
}

TEST_CASE("diagnose: stops between turns when it is cancelled") {
  DiagnoseFixture fixture;
  script_one(fixture);
  fixture.cancelled = [&] { return fixture.student.calls > 0; };
  CHECK(fixture.run().error().kind == ErrorKind::cancelled);
  CHECK(fixture.requests.size() == 1);
}

TEST_CASE("diagnose: a missing fence is asked for once, then it is a clear error") {
  DiagnoseFixture fixture;
  fixture.turns = {says("I think it is all fine.")};
  const auto diagnosis = fixture.run();
  REQUIRE_FALSE(diagnosis);
  CHECK(diagnosis.error().kind == ErrorKind::invalid);
  CHECK(diagnosis.error().message.find("gave no clusters") != std::string::npos);
  CHECK_FALSE(diagnosis.error().hint.empty());
  REQUIRE(fixture.requests.size() == 2);
  CHECK(fixture.requests[1].messages.back().text == "clusters again");
  CHECK_FALSE(fixture.requests[1].may_call_tools);
}

TEST_CASE("diagnose: a fence that comes when it is asked for again is taken") {
  DiagnoseFixture fixture;
  fixture.turns = {says("", {run_student("p1"), compare("p1")}), says("My story."),
                   says(clusters_text(kOne))};
  const auto diagnosis = fixture.run();
  REQUIRE(diagnosis);
  CHECK(diagnosis->narrative == "My story.");
  CHECK(diagnosis->clusters.size() == 1);
}

TEST_CASE("diagnose: an unreadable fence is asked for again") {
  DiagnoseFixture fixture;
  fixture.turns = {says("", {run_student("p1"), compare("p1")}),
                   says("Story.\n```json\n[{\"id\": \n```"), says(clusters_text(kOne))};
  const auto diagnosis = fixture.run();
  REQUIRE(diagnosis);
  CHECK(diagnosis->narrative == "Story.");
}

TEST_CASE("diagnose: claimed rates are kept beside the measured ones and never used") {
  DiagnoseFixture fixture;
  fixture.student.reply = [](const HomeView&, const std::string&) -> Result<std::string> {
    return std::string("42");
  };
  script_one(fixture);
  const auto diagnosis = fixture.run();
  REQUIRE_FALSE(diagnosis);
  CHECK(diagnosis.error().message == "All clusters dropped: insufficient evidence");
  CHECK_FALSE(diagnosis.error().hint.empty());
  REQUIRE(fixture.dropped.size() == 1);
  CHECK(*fixture.dropped[0].student_failure_rate == 0.0);
  CHECK(*fixture.dropped[0].claimed.student_failure_rate == 0.99);
  CHECK(fixture.files.texts.count("diagnosis.md") == 1);
}

TEST_CASE("diagnose: without any evidence all clusters are dropped and reported") {
  DiagnoseFixture fixture;
  fixture.turns = {says(clusters_text(kOne))};
  CHECK(fixture.run().error().message == "All clusters dropped: insufficient evidence");
  REQUIRE(fixture.dropped.size() == 1);
  CHECK(fixture.dropped[0].dropped);
  CHECK_FALSE(fixture.dropped[0].drop_reason.empty());
}

TEST_CASE("diagnose: an empty array of clusters is insufficient evidence too") {
  DiagnoseFixture fixture;
  fixture.turns = {says(clusters_text("[]"))};
  CHECK(fixture.run().error().message == "All clusters dropped: insufficient evidence");
}

TEST_CASE("diagnose: fifty calls at once against a limit of thirty run thirty") {
  DiagnoseFixture fixture;
  std::vector<sdk::ToolCall> calls;
  for (int i = 0; i < 50; ++i) {
    sdk::ToolCall call = run_student(i % 2 ? "p1" : "p2");
    call.id = "call-" + std::to_string(i);
    calls.push_back(call);
  }
  fixture.turns = {says("", calls), says(clusters_text(kOne))};
  (void)fixture.run();
  CHECK(fixture.toolbox.calls == 30);
  REQUIRE(fixture.requests.size() == 2);
  const auto& messages = fixture.requests[1].messages;
  REQUIRE(messages.size() == 4);
  CHECK(messages[2].tool_results.size() == 50);
  for (int i = 0; i < 50; ++i)
    CHECK(messages[2].tool_results[static_cast<std::size_t>(i)].call_id ==
          "call-" + std::to_string(i));
  CHECK(refused_in(messages[2]) == 20);
  CHECK(messages[3].text == "conclude now");
  CHECK_FALSE(fixture.requests[1].may_call_tools);
}

TEST_CASE("diagnose: the limit counts calls of different tools and turns together") {
  DiagnoseFixture fixture;
  fixture.max_tool_calls = 4;
  fixture.turns = {says("", {run_student("p1"), run_self("p1"), compare("p1")}),
                   says("", {run_student("p1"), compare("p1"), run_self("p1")}),
                   says(clusters_text(kOne))};
  REQUIRE(fixture.run());
  CHECK(fixture.toolbox.calls == 4);
  REQUIRE(fixture.requests.size() == 3);
  CHECK(refused_in(*(fixture.requests[2].messages.end() - 2)) == 2);
}

TEST_CASE("diagnose: a limit of no calls goes straight to the conclusion") {
  DiagnoseFixture fixture;
  fixture.max_tool_calls = 0;
  fixture.turns = {says(clusters_text(kOne), {run_student("p1")})};
  CHECK_FALSE(fixture.run());
  CHECK(fixture.toolbox.calls == 0);
  CHECK_FALSE(fixture.requests[0].may_call_tools);
}

TEST_CASE("diagnose: calls made while concluding are not carried out") {
  DiagnoseFixture fixture;
  fixture.max_tool_calls = 2;
  fixture.turns = {says("", {run_student("p1"), compare("p1")}), says("More!", {run_student("p2")}),
                   says(clusters_text(kOne))};
  REQUIRE(fixture.run());
  CHECK(fixture.toolbox.calls == 2);
  REQUIRE(fixture.requests.size() == 3);
  const auto& messages = fixture.requests[2].messages;
  CHECK(refused_in(*(messages.end() - 2)) == 1);
  CHECK(messages.back().text == "clusters again");
}

TEST_CASE("diagnose: when the money is used up there is one turn to conclude") {
  DiagnoseFixture fixture;
  fixture.turns = {says("", {run_student("p1"), compare("p1")}),
                   Error{ErrorKind::budget, "does not fit", ""}, says(clusters_text(kOne))};
  REQUIRE(fixture.run());
  CHECK(fixture.requests[2].messages.back().text == "conclude now");
  CHECK(fixture.teacher.allowed ==
        std::vector<SpendingStep>{SpendingStep::diagnose, SpendingStep::conclude});
}

TEST_CASE("diagnose: when not even the conclusion can be paid for, the budget is the error") {
  DiagnoseFixture fixture;
  fixture.turns = {Error{ErrorKind::budget, "does not fit", "raise it"}};
  CHECK(fixture.run().error().kind == ErrorKind::budget);
  CHECK(fixture.requests.size() == 2);
}

TEST_CASE("diagnose: a tool's error is told to the teacher, with the hint") {
  DiagnoseFixture fixture;
  fixture.turns = {says("", {compare("p1")}), says("", {run_student("p1"), compare("p1")}),
                   says(clusters_text(kOne))};
  REQUIRE(fixture.run());
  const auto& result = fixture.requests[1].messages.back().tool_results.at(0);
  CHECK(result.is_error);
  CHECK(result.content.find("run_student_on_task first") != std::string::npos);
}

TEST_CASE("diagnose: long tool results come in pages, and shorter in the log") {
  DiagnoseFixture fixture;
  fixture.toolbox.answer = [](const sdk::ToolCall&) -> Result<sdk::json::object> {
    return sdk::json::object{{"text", std::string(50000, 'x')}};
  };
  fixture.turns = {says("", {run_student("p1")}), says(clusters_text(kOne))};
  (void)fixture.run();
  CHECK(fixture.requests[1].messages.back().tool_results.at(0).content.size() < 20300);
  CHECK(fixture.log().at(1).at("result").as_string().size() < 8010);
}

TEST_CASE("diagnose: what a tool throws passes on to the session") {
  DiagnoseFixture fixture;
  fixture.toolbox.answer = [](const sdk::ToolCall&) -> Result<sdk::json::object> {
    throw std::runtime_error("broken plugin");
  };
  fixture.turns = {says("", {run_student("p1")})};
  CHECK_THROWS_WITH((void)fixture.run(), "broken plugin");
}

TEST_CASE("diagnose: a diagnosis that cannot be written is an error") {
  DiagnoseFixture fixture;
  script_one(fixture);
  fixture.files.full = true;
  CHECK(fixture.run().error().kind == ErrorKind::io);
}

TEST_CASE("diagnose: gives verified clusters, a document and a log") {
  DiagnoseFixture fixture;
  fixture.traces.add("my question", 0.1);
  fixture.traces.add("other", 0.1).id = "source-of-h1";
  script_one(fixture);
  const auto diagnosis = fixture.run();
  REQUIRE(diagnosis);
  const Cluster& cluster = diagnosis->clusters.at(0);
  CHECK(*cluster.student_failure_rate == 1.0);
  CHECK(*cluster.teacher_success_rate == 1.0);
  CHECK(*cluster.claimed.student_failure_rate == 0.99);
  CHECK(cluster.sample_trace_ids == std::vector<std::string>{"trace-0"});
  CHECK(diagnosis->narrative == "# What fails\nArithmetic.");
  CHECK(fixture.files.texts["diagnosis.md"].find("# What fails\nArithmetic.\n\n# Clusters") == 0);

  REQUIRE(fixture.log().size() == 5);
  CHECK(fixture.log()[0].at("call") == "teacher");
  const json::object& line = fixture.log()[1];
  CHECK(line.at("tool") == "run_student_on_task");
  CHECK(line.at("args").at("task_id") == "p1");
  CHECK(line.at("timestamp") == "2026-05-28T20:26:40Z");
  CHECK(line.at("cost_usd") == 0.0);
  CHECK(line.contains("latency_ms"));
  CHECK(line.at("result").as_string().find("wrong") != json::string::npos);
}

TEST_CASE("diagnose: the first request names flagged traces, the limit and a missing benchmark") {
  DiagnoseFixture fixture;
  fixture.trigger.trace_ids = {"trace-7"};
  const auto request =
      first_request(fixture.prompts, fixture.toolbox, nullptr, fixture.trigger, 12);
  CHECK(request.system == "system");
  CHECK(request.tools.size() == 2);
  REQUIRE(request.messages.size() == 1);
  const std::string& text = request.messages[0].text;
  CHECK(text.find("trace-7") != std::string::npos);
  CHECK(text.find("12 tool calls") != std::string::npos);
  CHECK(text.find("no personal benchmark yet") != std::string::npos);
}

TEST_CASE("diagnose: an empty diagnosis is an error, and no clusters are asked for") {
  DiagnoseFixture fixture;
  int calls = 0;
  fixture.teacher.script = [&](Purpose, const sdk::GenerateRequest&) {
    ++calls;
    return Result<sdk::GenerateResult>(says(" \n"));
  };
  const auto diagnosis = fixture.run();
  REQUIRE_FALSE(diagnosis);
  CHECK(diagnosis.error().message == "the teacher gave an empty diagnosis");
  CHECK(calls == 1);
}

TEST_CASE("diagnose: what was wrong with the fence is told when it is asked for again") {
  DiagnoseFixture fixture;
  fixture.prompts.clusters_again = "again: {error}";
  std::string asked;
  fixture.teacher.script = [&](Purpose, const sdk::GenerateRequest& request) {
    asked = request.messages.back().text;
    return Result<sdk::GenerateResult>(says(clusters_text("[{\"id\": ")));
  };
  CHECK_FALSE(fixture.run());
  CHECK(asked.find("again: ") == 0);
  CHECK(asked.size() > std::string("again: ").size());
}

TEST_CASE("diagnose: an answer that is cut off for its length is continued once") {
  DiagnoseFixture fixture;
  int calls = 0;
  fixture.teacher.script = [&](Purpose, const sdk::GenerateRequest& request) {
    ++calls;
    auto reply = says(calls == 1 ? "# What fails\n\n```json\n[{\"id\": \"a\"" : "}]\n```\n");
    if (calls == 1) reply.stop_reason = "max_tokens";
    if (calls == 2) {
      CHECK_FALSE(request.may_call_tools);
      CHECK(request.messages.back().text.find("cut off") != std::string::npos);
    }
    return Result<sdk::GenerateResult>(reply);
  };
  (void)fixture.run();
  CHECK(calls == 2);
  CHECK(fixture.files.texts.at("diagnosis.md").find("What fails") != std::string::npos);
}

TEST_CASE("diagnose: the first request names the cluster that started the session") {
  DiagnoseFixture fixture;
  fixture.trigger.kind = "cluster";
  fixture.trigger.metadata = {{"query_class", "math"}, {"size", 7}};
  const auto request =
      first_request(fixture.prompts, fixture.toolbox, nullptr, fixture.trigger, 12);
  CHECK(request.messages[0].text.find("\"query_class\":\"math\"") != std::string::npos);
}
