#include "core/session/execute/repetition.hpp"

#include <doctest/doctest.h>

using namespace jarvis;

namespace {

PastTrial past(EditStatus status, std::optional<Decision> decision = std::nullopt) {
  PastTrial trial;
  trial.benchmark_version = "personal_v1";
  trial.outcome.edit.id = "edit-old-1";
  trial.outcome.base = "b";
  trial.outcome.candidate = "c";
  trial.outcome.status = status;
  if (decision) {
    trial.outcome.verdict = Verdict{};
    trial.outcome.verdict->decision = *decision;
  }
  return trial;
}

EditOutcome from_to(const std::string& base, const std::string& candidate) {
  EditOutcome outcome;
  outcome.base = base;
  outcome.candidate = candidate;
  return outcome;
}

std::string reason(const PastTrial& trial, const std::string& version = "personal_v1") {
  return repetition_of(from_to("b", "c"), version, {trial});
}

}  // namespace

TEST_CASE("repetition: what the gate or the user rejected is not tried again on the same files") {
  CHECK(reason(past(EditStatus::rejected_by_gate, Decision::reject)) ==
        "tried before: edit 'edit-old-1' was the same on the same files, and the gate rejected it");
  CHECK(reason(past(EditStatus::rejected_by_user)) ==
        "tried before: edit 'edit-old-1' was the same, and you rejected it");
  PastTrial closed = past(EditStatus::rejected_by_user);
  closed.outcome.reject_reason = kSessionRolledBack;
  CHECK(reason(closed).empty());
}

TEST_CASE("repetition: what waits for review is not queued a second time") {
  CHECK(reason(past(EditStatus::pending_review)) ==
        "edit 'edit-old-1' is the same and waits for review");
}

TEST_CASE("repetition: a changed base, another change or a newer benchmark is a new trial") {
  const PastTrial rejected = past(EditStatus::rejected_by_gate, Decision::reject);
  CHECK(repetition_of(from_to("other", "c"), "personal_v1", {rejected}).empty());
  CHECK(repetition_of(from_to("b", "other"), "personal_v1", {rejected}).empty());
  CHECK(reason(rejected, "personal_v2").empty());
}

TEST_CASE("repetition: what was undecided, skipped or rolled back may be tried again") {
  CHECK(reason(past(EditStatus::rejected_by_gate, Decision::undecided)).empty());
  CHECK(reason(past(EditStatus::skipped)).empty());
  CHECK(reason(past(EditStatus::rolled_back)).empty());
  CHECK(reason(past(EditStatus::applied)).empty());
}

TEST_CASE("repetition: what did harm is not tried again, on whatever files and benchmark") {
  PastTrial harmful = past(EditStatus::rolled_back);
  harmful.outcome.harm = "feedback fell from 0.81 to 0.52 on 40 traces";
  harmful.outcome.edit.op = "set_agent_param";
  harmful.outcome.edit.target = "agents.simple.skill";
  harmful.outcome.edit.payload["value"] = 0.5;
  const std::string why =
      "tried before: edit 'edit-old-1' was the same, and it did harm: feedback fell from 0.81 to "
      "0.52 on 40 traces";
  CHECK(reason(harmful) == why);
  CHECK(reason(harmful, "personal_v2") == why);

  EditOutcome again = from_to("other", "another");
  again.edit = harmful.outcome.edit;
  again.edit.id = "edit-new-1";
  again.edit.target = "the skill of the agent";
  CHECK(repetition_of(again, "personal_v2", {harmful}) == why);
  again.edit.payload["value"] = 0.25;
  CHECK(repetition_of(again, "personal_v2", {harmful}).empty());
  harmful.outcome.status = EditStatus::applied;
  CHECK(reason(harmful) == why);
}

TEST_CASE("repetition: sessions from before fingerprints were recorded match nothing") {
  PastTrial old = past(EditStatus::rejected_by_user);
  old.outcome.base = old.outcome.candidate = "";
  CHECK(repetition_of(from_to("", ""), "personal_v1", {old}).empty());
}
