#include <doctest/doctest.h>

#include "core/session/execute/gate/power.hpp"

using namespace jarvis;

TEST_CASE("power: no tasks see nothing, and too few tasks see nothing either") {
  PowerQuestion question;
  question.tasks = 0;
  CHECK(!gate_power(question).detectable);
  CHECK(prospect_of(0.5, question).accepted == 0);
  question.tasks = 4;
  CHECK(!gate_power(question).detectable);
  CHECK(gate_power(question).runs_at_nothing > 0);
}

TEST_CASE("power: without an error to spend nothing can be seen") {
  PowerQuestion question;
  question.alpha = 0;
  CHECK(!gate_power(question).detectable);
}

TEST_CASE("power: a steady student shows the gain of a single task") {
  PowerQuestion question;
  question.run_variance = 0;
  CHECK(*gate_power(question).detectable == doctest::Approx(0.02));
  CHECK(gate_power(question).runs_at_nothing == 50);
  question.min_improvement = 0.02;
  CHECK(*gate_power(question).detectable == doctest::Approx(0.04));
}

TEST_CASE("power: fifty cautious tasks see what the simulation of whole sessions says") {
  const PowerQuestion question;
  CHECK(prospect_of(-0.05, question).accepted < 0.005);
  CHECK(prospect_of(0, question).accepted == doctest::Approx(0.05).epsilon(0.2));
  CHECK(prospect_of(0.05, question).accepted == doctest::Approx(0.585).epsilon(0.08));
  CHECK(prospect_of(0.10, question).accepted == doctest::Approx(0.953).epsilon(0.02));
  CHECK(prospect_of(0, question).candidate_runs == doctest::Approx(148).epsilon(0.05));
  CHECK(prospect_of(0.10, question).candidate_runs == doctest::Approx(212).epsilon(0.05));
}

TEST_CASE("power: the detectable gain is accepted with 80 %, and one a little smaller is not") {
  const PowerQuestion question;
  const GatePower power = gate_power(question);
  REQUIRE(power.detectable);
  CHECK(prospect_of(*power.detectable, question).accepted >= 0.8);
  CHECK(prospect_of(*power.detectable - 0.002, question).accepted < 0.8);
  CHECK(power.runs_at_detectable == prospect_of(*power.detectable, question).candidate_runs);
}

TEST_CASE("power: more tasks, less noise and more error to spend see smaller gains") {
  PowerQuestion question;
  const double base = *gate_power(question).detectable;
  question.tasks = 200;
  CHECK(*gate_power(question).detectable < base);
  question = {};
  question.run_variance = 0.02;
  CHECK(*gate_power(question).detectable < base);
  question = {};
  question.alpha = 0.02;
  CHECK(*gate_power(question).detectable > base);
  question = {};
  question.min_improvement = 0.05;
  CHECK(*gate_power(question).detectable > base + 0.03);
}
