#include "core/session/record/session_json.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "core/base/json_text.hpp"
#include "core/model/edit_json.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** As OpenJarvis writes it. */
const std::string kOpenJarvis = R"({
  "id": "session-20260301T030000_deadbeef",
  "parent_session_id": null,
  "trigger": "scheduled",
  "trigger_metadata": {"cron": "0 3 * * *", "new_trace_count": 21},
  "status": "completed",
  "autonomy_mode": "tiered",
  "started_at": "2026-03-01T03:00:00Z",
  "ended_at": null,
  "diagnosis_path": "/home/u/.openjarvis/learning/sessions/s/diagnosis.md",
  "plan_path": "/home/u/.openjarvis/learning/sessions/s/plan.json",
  "benchmark_before": {"benchmark_version": "personal_v1", "overall_score": 0.5,
    "cluster_scores": {"cluster-1": 0.25}, "task_count": 50, "elapsed_seconds": 12.5},
  "benchmark_after": null,
  "edit_outcomes": [
    {"edit_id": "e1", "status": "applied", "benchmark_delta": 0.125,
     "cluster_deltas": {"cluster-1": 0.25}, "error": null, "applied_at": "2026-03-01T03:04:00Z"},
    {"edit_id": "e2", "status": "skipped", "benchmark_delta": null, "cluster_deltas": {},
     "error": "no applier", "applied_at": null}],
  "git_checkpoint_pre": "aaa",
  "git_checkpoint_post": null,
  "teacher_cost_usd": 0.5,
  "error": null
})";

std::string message_of(const std::string& text) {
  try {
    (void)session_from_json(json::parse(text).as_object());
  } catch (const sdk::Failure& failure) {
    return failure.what();
  }
  return "";
}

}  // namespace

TEST_CASE("session.json: what is missing or unknown is named") {
  CHECK(message_of("{}").find("'id'") != std::string::npos);
  CHECK(message_of(R"({"id": 7})").find("'id'") != std::string::npos);
  CHECK(message_of(R"({"id": "s"})").find("'status'") != std::string::npos);
  CHECK(message_of(R"({"id": "s", "status": "dancing"})").find("'dancing'") != std::string::npos);
  CHECK(
      message_of(
          R"({"id": "s", "status": "failed", "edit_outcomes": [{"edit_id": "e", "status": "x"}]})")
          .find("edit status 'x'") != std::string::npos);
  CHECK(message_of(R"({"id": "s", "status": "failed", "edit_outcomes": [{"status": "applied"}]})")
            .find("'edit_id'") != std::string::npos);
}

TEST_CASE("session.json: fields of a wrong type read as missing") {
  const Session session = session_from_json(
      json::parse(R"({"id": "s", "status": "failed", "clusters": [7], "edit_outcomes": "none",
                      "teacher_cost_usd": "much", "benchmark_before": [], "trigger": null,
                      "autonomy_mode": "wild"})")
          .as_object());
  CHECK(session.clusters.empty());
  CHECK(session.outcomes.empty());
  CHECK(session.teacher_cost_usd == 0);
  CHECK_FALSE(session.before);
  CHECK(session.trigger.kind == "on_demand");
  CHECK(session.autonomy == Autonomy::tiered);
}

TEST_CASE("session.json: every field comes back as it was") {
  const Session session = full_session();
  const std::string text = pretty(to_json(session));
  const Session read = session_from_json(json::parse(text).as_object());
  CHECK(pretty(to_json(read)) == text);

  CHECK(read.status == session.status);
  CHECK(read.autonomy == session.autonomy);
  CHECK(read.trigger.trace_ids == session.trigger.trace_ids);
  CHECK(read.trigger.metadata == session.trigger.metadata);
  CHECK(read.before->cluster_scores == session.before->cluster_scores);
  CHECK(read.after->task_count == 11);
  CHECK(read.cost_by_purpose == session.cost_by_purpose);
  CHECK(read.clusters[0].claimed.student_failure_rate == 0.99);
  CHECK(read.clusters[1].drop_reason == "not reproduced");
  REQUIRE(read.outcomes.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(read.outcomes[i].status == session.outcomes[i].status);
    CHECK(to_json(read.outcomes[i].edit) == to_json(session.outcomes[i].edit));
    CHECK(read.outcomes[i].verdict.has_value() == session.outcomes[i].verdict.has_value());
  }
  CHECK(read.outcomes[0].verdict->interval == session.outcomes[0].verdict->interval);
  CHECK(read.outcomes[0].verdict->confidence == 0.97);
  CHECK_FALSE(read.outcomes[2].verdict->benchmark_delta);
  CHECK(read.outcomes[3].reject_reason == "do not want it");
  CHECK(read.notices == session.notices);
  CHECK(read.error_hint == "commit");
}

TEST_CASE(
    "session.json: what a verdict rests on comes back, and is zero where it is missing or odd") {
  Session session = full_session();
  Verdict& verdict = *session.outcomes[0].verdict;
  verdict.looks = 3;
  verdict.baseline_runs = 400;
  verdict.candidate_runs = 199;
  verdict.noise_floor = 0.038;
  verdict.tasks = {{"t1", "math", 0.25, 1.0, 8, 4}, {"t2", "code", std::nullopt, 0.5, 0, 2}};
  session.outcomes[0].cost = {412, 390, 0.25};
  session.outcomes[0].delta_in_company = 0.125;
  session.whole = WholeChange{0.25, {{0.125, 0.375}}, 50, ""};
  json::object object = to_json(session);
  Verdict read = *session_from_json(object).outcomes[0].verdict;
  CHECK(read.looks == 3);
  CHECK(read.baseline_runs == 400);
  CHECK(read.candidate_runs == 199);
  CHECK(read.noise_floor == 0.038);
  REQUIRE(read.tasks.size() == 2);
  CHECK(read.tasks[0].task_id == "t1");
  CHECK(read.tasks[0].candidate == 1.0);
  CHECK(read.tasks[0].baseline_runs == 8);
  CHECK_FALSE(read.tasks[1].baseline);
  const Session whole = session_from_json(object);
  CHECK(whole.outcomes[0].cost.student_runs == 412);
  CHECK(whole.outcomes[0].cost.usd == 0.25);
  CHECK(whole.outcomes[0].delta_in_company == 0.125);
  REQUIRE(whole.whole);
  CHECK(whole.whole->interval == session.whole->interval);
  CHECK(whole.whole->task_count == 50);

  json::object& outcome = object["edit_outcomes"].as_array()[0].as_object();
  outcome["looks"] = -2;
  outcome["baseline_runs"] = "many";
  outcome["candidate_runs"] = 1e300;
  outcome.erase("noise_floor");
  read = *session_from_json(object).outcomes[0].verdict;
  CHECK(read.looks == 0);
  CHECK(read.baseline_runs == 0);
  CHECK(read.candidate_runs == 0);
  CHECK(!read.noise_floor);
}

TEST_CASE("session.json: OpenJarvis' keys come first, in its order") {
  const std::vector<std::string> expected{"id",
                                          "parent_session_id",
                                          "trigger",
                                          "trigger_metadata",
                                          "status",
                                          "autonomy_mode",
                                          "started_at",
                                          "ended_at",
                                          "diagnosis_path",
                                          "plan_path",
                                          "benchmark_before",
                                          "benchmark_after",
                                          "edit_outcomes",
                                          "git_checkpoint_pre",
                                          "git_checkpoint_post",
                                          "teacher_cost_usd",
                                          "error"};
  std::vector<std::string> keys;
  for (const auto& [key, value] : to_json(full_session())) keys.emplace_back(key);
  REQUIRE(keys.size() > expected.size());
  keys.resize(expected.size());
  CHECK(keys == expected);

  const std::vector<std::string> of_outcome{"edit_id",        "status", "benchmark_delta",
                                            "cluster_deltas", "error",  "applied_at"};
  const json::object session = to_json(full_session());
  keys.clear();
  for (const auto& [key, value] : session.at("edit_outcomes").at(0).as_object())
    keys.emplace_back(key);
  keys.resize(of_outcome.size());
  CHECK(keys == of_outcome);
}

TEST_CASE(
    "session.json: what OpenJarvis wrote is read, and nothing of it is lost when it is written "
    "again") {
  const json::object theirs = json::parse(kOpenJarvis).as_object();
  const Session session = session_from_json(theirs);
  CHECK(session.trigger.kind == "scheduled");
  CHECK(session.benchmark_version == "personal_v1");
  CHECK(session.outcomes.at(0).edit.id == "e1");
  CHECK(session.outcomes.at(0).verdict->decision == Decision::accept);
  CHECK(session.outcomes.at(1).error == "no applier");
  CHECK_FALSE(session.outcomes.at(1).verdict);

  const json::object ours = json::parse(pretty(to_json(session))).as_object();
  for (const auto& [key, value] : theirs) {
    CAPTURE(std::string(key));
    REQUIRE(ours.contains(key));
    if (key != "edit_outcomes") CHECK(ours.at(key) == value);
  }
  const json::object& outcome = ours.at("edit_outcomes").at(0).as_object();
  for (const auto& [key, value] : theirs.at("edit_outcomes").at(0).as_object())
    CHECK(outcome.at(key) == value);
}

TEST_CASE("session.json: what OpenJarvis wrote can be read a second time after us") {
  const Session once = session_from_json(json::parse(kOpenJarvis).as_object());
  const Session twice = session_from_json(json::parse(pretty(to_json(once))).as_object());
  CHECK(twice.outcomes.size() == 2);
  CHECK(pretty(to_json(twice)) == pretty(to_json(once)));
}
