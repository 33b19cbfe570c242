#include "core/report/redaction.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "core/home/live_home.hpp"
#include "core/privacy/privacy_policy.hpp"
#include "core/session/record/session_json.hpp"
#include "tests/privacy/secrets.hpp"
#include "tests/support/fakes/privacy.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

std::unique_ptr<Privacy> real_privacy() {
  const TemporaryDirectory home;
  const auto policy = PrivacyPolicy::make({}, LiveHome(home.path()));
  REQUIRE(policy);
  return policy->session();
}

/** The text as lines of a diff. */
std::string as_diff(const std::string& text, char mark) {
  std::istringstream lines(text);
  std::string diff = "--- a/agents/simple/system_prompt.md\n+++ b/agents/simple/system_prompt.md\n";
  diff += "@@ -1,2 +1,3 @@\n You are an assistant.\n";
  for (std::string line; std::getline(lines, line);) diff += mark + line + "\n";
  return diff + " Answer in one line.\n";
}

}  // namespace

TEST_CASE("report: no planted secret is left in a diff, on whichever side it stands") {
  const auto privacy = real_privacy();
  for (const PlantedSecret& planted : planted_secrets())
    for (const char mark : {'+', '-', ' '}) {
      const std::string diff = redacted_diff(as_diff(planted.text, mark), *privacy);
      for (const std::string& piece : planted.pieces)
        CHECK_MESSAGE(diff.find(piece) == std::string::npos,
                      planted.kind << " (" << planted.form << ") behind " << mark);
    }
}

TEST_CASE("report: a diff without secrets stays as it is, line for line") {
  FakePrivacy privacy;
  for (const std::string diff :
       {"", "--- a\n+++ b\n", "@@ -1 +1 @@\n-old\n+new\n same\n\\ No newline at end of file\n",
        "@@ -0,0 +1,3 @@\n+\n+a\n+\n", "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n"})
    CHECK(redacted_diff(diff, privacy) == diff);
  CHECK(redacted_diff("@@ -1 +1 @@\n-a\n+key Zwieback-7\n", privacy) ==
        "@@ -1 +1 @@\n-a\n+key [SECRET_1]\n");
}

TEST_CASE("report: every text of a session is redacted, and its own names and figures stay") {
  FakePrivacy privacy;
  const std::string secret = "Zwieback-7";
  Session session = full_session();
  session.trigger.metadata = {{"note", secret}};
  session.trigger.trace_ids = {secret};
  session.error = session.error_hint = secret;
  session.notices = {"a " + secret};
  session.whole = WholeChange{std::nullopt, std::nullopt, 0, secret};
  session.before->cluster_scores = {{secret, 0.5}};
  for (Cluster& cluster : session.clusters)
    cluster = {secret, secret, secret, secret, {secret}, {secret}, 0.5, 0.5, {}, true, secret};
  for (EditOutcome& outcome : session.outcomes) {
    outcome.edit.op = outcome.edit.target = outcome.edit.rationale = secret;
    outcome.edit.expected_improvement = outcome.edit.claimed_tier = outcome.edit.refusal = secret;
    outcome.edit.payload = {{"content", secret}};
    outcome.edit.references = {secret};
    outcome.error = outcome.reject_reason = outcome.harm = secret;
    outcome.diff = "+" + secret + "\n";
    outcome.verdict = Verdict{Decision::accept, secret, 0.25, {}, {{secret, 0.25}}, 0.97};
    outcome.verdict->tasks = {{secret, secret, 0.0, 1.0, 1, 1}};
  }
  const Session safe = redacted(session, privacy);
  CHECK(json::serialize(to_json(safe)).find(secret) == std::string::npos);
  CHECK(safe.id == session.id);
  CHECK(safe.outcomes[0].edit.id == session.outcomes[0].edit.id);
  CHECK(safe.outcomes[0].commit == "c0ffee");
  CHECK(safe.started_at == session.started_at);
  CHECK(safe.outcomes[0].verdict->benchmark_delta == 0.25);
}

TEST_CASE("report: a pattern that matches everything leaves the steps readable") {
  const TemporaryDirectory home;
  const auto policy = PrivacyPolicy::make({true, {"[a-z]+"}, {}}, LiveHome(home.path()));
  REQUIRE(policy);
  const auto privacy = policy->session();
  const json::object step = redacted_step(
      {{"at", "2026-06-01T03:00:00Z"}, {"step", "edit"}, {"state", "begin"}, {"text", "abc"}},
      *privacy);
  CHECK(step.at("step") == "edit");
  CHECK(step.at("at") == "2026-06-01T03:00:00Z");
  CHECK(json::serialize(step).find("abc") == std::string::npos);
  CHECK(redacted(full_session(), *privacy).status == SessionStatus::awaiting_review);
}
