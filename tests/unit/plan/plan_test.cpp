#include "core/session/plan/plan.hpp"

#include <doctest/doctest.h>

#include "core/base/digest.hpp"
#include "tests/support/fakes/catalogue.hpp"
#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/home.hpp"
#include "tests/support/fakes/session_parts.hpp"
#include "tests/support/fakes/traces.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

const std::string kEdits = R"({"edits": [{"id": "edit_001", "op": "set_agent_param",
  "payload": {"agent": "simple", "param": "temperature", "value": 0.30000000000000004},
  "expected_improvement": "a"}]})";

struct Planning {
  std::string session_id = "session-20260601T030000_0a1b2c3d";
  Diagnosis diagnosis;
  MemoryHome home;
  FakeCatalogue catalogue;
  FakeDiffer differ;
  FakeTeacher teacher;
  MemoryFiles files;
  FixedClock clock;
  PlanPrompts prompts{"Ops:\n{ops}end", "unreadable: {error}; again"};
  json::object config{{"intelligence", {{"default_model", "small"}}}};
  std::vector<sdk::GenerateRequest> requests;
  std::vector<std::string> replies{kEdits};
  std::vector<PastTrial> past;

  Planning() {
    diagnosis.narrative = "It cannot add.";
    Cluster kept;
    kept.id = "a";
    kept.description = "sums";
    kept.student_failure_rate = 0.75;
    kept.claimed.student_failure_rate = 0.99;
    Cluster dropped;
    dropped.id = "gone";
    dropped.dropped = true;
    diagnosis.clusters = {kept, dropped};
    teacher.script = [this](Purpose purpose, const sdk::GenerateRequest& request) {
      CHECK(purpose == Purpose::planning);
      requests.push_back(request);
      return Result<sdk::GenerateResult>(
          says(replies.at(std::min(requests.size(), replies.size()) - 1)));
    };
  }
  Planning(const Planning&) = delete;
  Planning& operator=(const Planning&) = delete;

  Result<PlanResult> run() {
    return make_plan({session_id, diagnosis, home, catalogue, differ, teacher, files, clock,
                      prompts, config, past});
  }
};

}  // namespace

TEST_CASE("plan: an error of the teacher ends it and writes no plan") {
  Planning planning;
  planning.teacher.script = [](Purpose, const sdk::GenerateRequest&) {
    return Result<sdk::GenerateResult>(Error{ErrorKind::budget, "does not fit", ""});
  };
  CHECK(planning.run().error().kind == ErrorKind::budget);
  CHECK(planning.files.texts.empty());
}

TEST_CASE("plan: an unreadable reply is asked for once more, then it is a clear error") {
  for (const char* reply :
       {"I would rather not.", "{\"edits\": [{\"id\"", "[]", "{\"edits\": 7}", "{}"}) {
    CAPTURE(reply);
    Planning planning;
    planning.replies = {reply};
    const auto made = planning.run();
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == ErrorKind::invalid);
    CHECK(made.error().message.find("the teacher's plan cannot be read") == 0);
    CHECK_FALSE(made.error().hint.empty());
    CHECK(planning.requests.size() == 2);
    CHECK(planning.files.texts.empty());
    CHECK(planning.files.lines["teacher_traces/plan.jsonl"].size() == 2);
  }
}

TEST_CASE("plan: the second request holds the unreadable reply and what was wrong with it") {
  Planning planning;
  planning.replies = {"{}", kEdits};
  REQUIRE(planning.run());
  const auto& messages = planning.requests.at(1).messages;
  REQUIRE(messages.size() == 3);
  CHECK(messages[1].text == "{}");
  CHECK(messages[2].text == "unreadable: there is no array 'edits'; again");
}

TEST_CASE("plan: what cannot be written is an error") {
  Planning planning;
  planning.files.full = true;
  CHECK(planning.run().error().kind == ErrorKind::io);
}

TEST_CASE("plan: one without edits is a plan") {
  Planning planning;
  planning.replies = {"{\"edits\": []}"};
  const auto made = planning.run();
  REQUIRE(made);
  CHECK(made->plan.edits.empty());
}

TEST_CASE("plan: the request holds every op's schema and example, and offers no tools") {
  Planning planning;
  REQUIRE(planning.run());
  const sdk::GenerateRequest& request = planning.requests.at(0);
  CHECK(request.tools.empty());
  CHECK(request.system.find("{ops}") == std::string::npos);
  for (const Op& op : planning.catalogue.ops()) {
    CAPTURE(op.name);
    CHECK(request.system.find("## " + op.name + " (pillar " + op.pillar + ")\n" + op.description) !=
          std::string::npos);
    CHECK(request.system.find(json::serialize(op.payload_schema)) != std::string::npos);
    CHECK(request.system.find(json::serialize(op.example)) != std::string::npos);
  }
}

TEST_CASE("plan: the request holds measured rates, kept clusters, configuration and files alone") {
  Planning planning;
  planning.home.files["config.toml"] = "api_key = \"secret\"\n";
  planning.home.files["agents/simple/system_prompt.md"] = "Be brief.";
  REQUIRE(planning.run());
  const std::string& text = planning.requests.at(0).messages.at(0).text;
  CHECK(text.find("It cannot add.") != std::string::npos);
  CHECK(text.find("0.75") != std::string::npos);
  CHECK(text.find("0.99") == std::string::npos);
  CHECK(text.find("gone") == std::string::npos);
  CHECK(text.find("\"default_model\": \"small\"") != std::string::npos);
  CHECK(text.find("File agents/simple/system_prompt.md:\n```\nBe brief.") != std::string::npos);
  CHECK(text.find("secret") == std::string::npos);
}

TEST_CASE("plan: plan.json has OpenJarvis' keys and is read back as it was made") {
  Planning planning;
  const auto made = planning.run();
  REQUIRE(made);
  const std::string text = planning.files.texts.at("plan.json");
  CHECK(made->sha256 == sha256(text));
  const json::object object = json::parse(text).as_object();
  for (const char* key : {"session_id", "diagnosis_summary", "failure_clusters", "edits",
                          "teacher_model", "estimated_cost_usd", "created_at"})
    CHECK(object.contains(key));
  CHECK(object.at("failure_clusters").as_array().size() == 1);
  CHECK(object.at("failure_clusters").at(0).at("addressed_by_edit_ids").at(0) == "edit-0a1b2c3d-1");
  const auto read = read_plan(text, made->sha256);
  REQUIRE(read);
  REQUIRE(read->edits.size() == 1);
  CHECK(read->edits[0].payload.at("value") == made->plan.edits[0].payload.at("value"));
  CHECK(read->edits[0].id == "edit-0a1b2c3d-1");
  CHECK(read->teacher_model == "fake-teacher");
}

TEST_CASE("read_plan: refuses altered bytes") {
  Planning planning;
  const auto made = planning.run();
  REQUIRE(made);
  std::string text = planning.files.texts.at("plan.json");
  text[text.find("temperature")] = 'T';
  const auto read = read_plan(text, made->sha256);
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::refused);
  CHECK(read.error().message.find("SHA-256") != std::string::npos);
  CHECK(read_plan("", made->sha256).error().kind == ErrorKind::refused);
}

TEST_CASE("read_plan: what has the digest but is no plan is invalid") {
  for (const std::string text : {"", "7", "{}", R"({"session_id": "s", "edits": [7]})",
                                 R"({"session_id": "s", "edits": [{"id": "e"}]})"}) {
    CAPTURE(text);
    CHECK(read_plan(text, sha256(text)).error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("plan: the teacher is told what became of earlier edits, the newest thirty") {
  Planning planning;
  for (int i = 0; i < 40; ++i) {
    PastTrial trial;
    trial.outcome.edit.op = "op_" + std::to_string(i) + "_";
    trial.outcome.status = EditStatus::rejected_by_user;
    trial.outcome.reject_reason = "too bold";
    trial.outcome.verdict = Verdict{};
    trial.outcome.verdict->benchmark_delta = -0.25;
    planning.past.push_back(trial);
  }
  REQUIRE(planning.run().ok());
  const std::string told = planning.requests.front().messages.front().text;
  CHECK(told.find("op_29_") != std::string::npos);
  CHECK(told.find("op_30_") == std::string::npos);
  CHECK(told.find("\"rejected_by_user\"") != std::string::npos);
  CHECK(told.find("too bold") != std::string::npos);
  CHECK(told.find("-2.5E-1") != std::string::npos);
}

TEST_CASE("plan: the teacher is told which edits did harm, and how") {
  Planning planning;
  PastTrial taken_back;
  taken_back.outcome.edit.op = "op_one";
  taken_back.outcome.status = EditStatus::rolled_back;
  taken_back.outcome.harm = "feedback fell from 0.81 to 0.52 on 40 traces";
  PastTrial applied = taken_back;
  applied.outcome.status = EditStatus::applied;
  planning.past = {taken_back, applied};
  REQUIRE(planning.run().ok());
  const std::string told = planning.requests.front().messages.front().text;
  CHECK(told.find("\"was applied and taken back: feedback fell from 0.81 to 0.52 on 40 traces\"") !=
        std::string::npos);
  CHECK(told.find("\"is applied, and harms: feedback fell from 0.81 to 0.52 on 40 traces\"") !=
        std::string::npos);
}

TEST_CASE("plan: a first session hears nothing of earlier ones") {
  Planning planning;
  REQUIRE(planning.run().ok());
  CHECK(planning.requests.front().messages.front().text.find("earlier sessions") ==
        std::string::npos);
}
