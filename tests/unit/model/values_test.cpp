#include <doctest/doctest.h>

#include "core/model/cluster.hpp"
#include "core/model/edit.hpp"
#include "core/model/score.hpp"
#include "core/model/session.hpp"
#include "core/model/task.hpp"

using namespace jarvis;

TEST_CASE("values: unknown words stand for nothing") {
  CHECK(!tier_from("Auto"));
  CHECK(!tier_from(""));
  CHECK(!decision_from("accepted"));
  CHECK(!edit_status_from("pending"));
  CHECK(!session_status_from("done"));
  CHECK(!autonomy_from("automatic"));
}

TEST_CASE("values: each word is read back as what it was written for") {
  for (const Tier tier : {Tier::automatic, Tier::review, Tier::manual})
    CHECK(tier_from(to_string(tier)) == tier);
  for (const Decision decision : {Decision::accept, Decision::reject, Decision::undecided})
    CHECK(decision_from(to_string(decision)) == decision);
  for (const EditStatus status :
       {EditStatus::applied, EditStatus::rejected_by_gate, EditStatus::pending_review,
        EditStatus::rejected_by_user, EditStatus::rolled_back, EditStatus::skipped})
    CHECK(edit_status_from(to_string(status)) == status);
  for (const SessionStatus status :
       {SessionStatus::initiated, SessionStatus::diagnosing, SessionStatus::planning,
        SessionStatus::executing, SessionStatus::awaiting_review, SessionStatus::completed,
        SessionStatus::failed, SessionStatus::rolled_back})
    CHECK(session_status_from(to_string(status)) == status);
  for (const Autonomy autonomy : {Autonomy::automatic, Autonomy::tiered, Autonomy::manual})
    CHECK(autonomy_from(to_string(autonomy)) == autonomy);
}

TEST_CASE("values: the stricter of two tiers") {
  CHECK(stricter(Tier::automatic, Tier::review) == Tier::review);
  CHECK(stricter(Tier::manual, Tier::review) == Tier::manual);
  CHECK(stricter(Tier::automatic, Tier::automatic) == Tier::automatic);
}

TEST_CASE("values: an arm without tasks has no coverage") {
  ArmScores arm;
  CHECK(arm.coverage() == 0);
  arm.tasks.push_back({"a", "math", 1, 0.0, ""});
  arm.tasks.push_back({"b", "math", 1, std::nullopt, "timeout"});
  CHECK(arm.coverage() == 0.5);
}

TEST_CASE("values: kept clusters and parts of a benchmark") {
  Diagnosis diagnosis;
  diagnosis.clusters.resize(2);
  diagnosis.clusters[0].id = "gone";
  diagnosis.clusters[0].dropped = true;
  diagnosis.clusters[1].id = "kept";
  REQUIRE(diagnosis.kept().size() == 1);
  CHECK(diagnosis.kept()[0].id == "kept");

  Benchmark benchmark;
  benchmark.tasks.resize(3);
  benchmark.tasks[1].part = Part::practice;
  CHECK(benchmark.part(Part::practice).size() == 1);
  CHECK(benchmark.part(Part::held_out).size() == 2);
}
