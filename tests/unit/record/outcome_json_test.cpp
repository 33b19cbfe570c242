#include "core/session/record/outcome_json.hpp"

#include <doctest/doctest.h>

#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using jarvis::testing::outcome_of;

TEST_CASE("session.json: what the watch found of an edit is kept, and is no key where it is none") {
  EditOutcome outcome = outcome_of("edit-0a1b2c3d-1", EditStatus::applied);
  CHECK(!to_json(outcome).contains("harm"));
  CHECK(outcome_from_json(to_json(outcome)).harm.empty());
  outcome.harm = "feedback fell from 0.81 to 0.52 on 40 traces";
  CHECK(outcome_from_json(to_json(outcome)).harm == outcome.harm);
}

TEST_CASE("session.json: a harm that is no text is none") {
  json::object object = to_json(outcome_of("edit-0a1b2c3d-1", EditStatus::applied));
  object["harm"] = 7;
  CHECK(outcome_from_json(object).harm.empty());
}
