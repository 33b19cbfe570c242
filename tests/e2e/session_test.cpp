#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
using Part = FakeCall::Part;

namespace {

FakeBehaviour planning(json::array edits) {
  FakeBehaviour behaviour;
  behaviour.edits = std::move(edits);
  return behaviour;
}

std::set<std::string> keys_of(const json::value& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.as_object()) keys.emplace(key);
  return keys;
}

/** Those of `wanted` (names with blanks between) that the object lacks. */
std::string missing(const json::value& object, const std::string& wanted) {
  const auto present = keys_of(object);
  std::istringstream names(wanted);
  std::string lacking;
  for (std::string name; names >> name;)
    if (present.count(name) == 0) lacking += name + " ";
  return lacking;
}

std::string edit_id(const json::object& document, std::size_t index) {
  return text_at(document.at("edits").at(index), "/id");
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("session: rejects, applies, queues and skips by what was measured") {
  const World world(planning(four_edits()));
  const std::string before = world.config();
  REQUIRE(world.run({"learning", "init"}).status == 0);
  REQUIRE(world.commits().size() == 1);

  const auto finished = world.run({"learning", "run"});
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  const auto document = finished.json();
  CHECK(statuses(document) == Strings{"rejected_by_gate", "applied", "pending_review", "skipped"});
  CHECK(text_at(document, "/session/status") == "awaiting_review");
  CHECK(world.models.count(Part::refused) == 0);

  SUBCASE("the tier comes from the op, whatever the teacher wrote") {
    Strings tiers;
    for (const auto& item : document.at("edits").as_array())
      tiers.push_back(text_at(item, "/tier"));
    CHECK(tiers == Strings{"auto", "auto", "review", "manual"});
  }
  SUBCASE("config.toml holds the applied edit alone, and every other byte is as before") {
    std::string after = world.config();
    const std::string line = "math = \"student-large\"\n";
    const auto at = after.find(line);
    REQUIRE(at != std::string::npos);
    CHECK(after.erase(at, line.size()) == before);
  }
  SUBCASE("one commit with its three trailers") {
    const auto commits = world.commits();
    REQUIRE(commits.size() == 2);
    CHECK(commits[0].find("\nEdit-ID: " + edit_id(document, 1) + "\n") != std::string::npos);
    CHECK(commits[0].find("\nSession-ID: " + text_at(document, "/session/id") + "\n") !=
          std::string::npos);
    CHECK(commits[0].find("\nRisk-Tier: auto\n") != std::string::npos);
  }
  SUBCASE("the document has every field that is promised") {
    CHECK(missing(document, "session diagnosis plan benchmark clusters edits git") == "");
    CHECK(missing(document.at("session"),
                  "id status trigger autonomy_mode started_at ended_at teacher_cost_usd "
                  "cost_by_purpose error") == "");
    CHECK(missing(document.at("plan"), "path sha256") == "");
    CHECK(missing(document.at("benchmark"), "version before after") == "");
    for (const char* when : {"before", "after"})
      CHECK(missing(document.at("benchmark").at(when), "overall_score cluster_scores task_count") ==
            "");
    CHECK(missing(document.at("clusters").at(0),
                  "id description query_class task_ids student_failure_rate "
                  "teacher_success_rate claimed dropped") == "");
    for (const auto& item : document.at("edits").as_array())
      CHECK(
          missing(
              item,
              "id teacher_id op target payload rationale expected_improvement tier status verdict "
              "benchmark_delta interval cluster_deltas confidence error reject_reason commit") ==
          "");
    CHECK(missing(document.at("git"), "pre post") == "");
    CHECK(document.find("error") == document.end());
  }
  SUBCASE("show prints the same document, with the tasks that each edit changed") {
    const auto shown = world.run({"learning", "show", text_at(document, "/session/id")});
    CHECK(shown.status == 0);
    json::object again = shown.json();
    json::array changed;
    for (json::value& edit : again.at("edits").as_array()) {
      for (const json::value& task : edit.at("changed_tasks").as_array()) changed.push_back(task);
      edit.as_object().erase("changed_tasks");
    }
    CHECK(again == document);
    REQUIRE_FALSE(changed.empty());
    for (const json::value& task : changed) {
      CHECK(holds_question(text_at(task, "/question")));
      CHECK_FALSE(text_at(task, "/baseline_output").empty());
      CHECK(text_at(task, "/baseline_output") != text_at(task, "/candidate_output"));
    }
  }
  SUBCASE("learning.db has the session and its outcomes") {
    Poco::Data::SQLite::Connector::registerConnector();
    Poco::Data::Session db("SQLite", (world.home / "learning" / "learning.db").string());
    std::vector<std::string> found;
    std::string status;
    db << "SELECT status FROM edit_outcomes ORDER BY id", Poco::Data::Keywords::into(found),
        Poco::Data::Keywords::now;
    db << "SELECT status FROM learning_sessions", Poco::Data::Keywords::into(status),
        Poco::Data::Keywords::now;
    CHECK(found == statuses(document));
    CHECK(status == "awaiting_review");
  }
  SUBCASE("what it cost is known by purpose and adds up") {
    const auto& session = document.at("session").as_object();
    double sum = 0;
    for (const auto& [purpose, usd] : session.at("cost_by_purpose").as_object())
      sum += usd.to_number<double>();
    CHECK(sum > 0);
    CHECK(sum == doctest::Approx(session.at("teacher_cost_usd").to_number<double>()));
  }
  SUBCASE("rollback brings the bytes of config.toml back with one more commit") {
    const auto back = world.run({"learning", "rollback", "--last"});
    REQUIRE(back.status == 0);
    CHECK(world.config() == before);
    CHECK(world.commits().size() == 3);
    const auto rolled = back.json();
    CHECK(text_at(rolled, "/session_id") == text_at(document, "/session/id"));
    CHECK(rolled.at("reverted").as_array().size() == 1);
    CHECK(text_at(rolled, "/reverted/0/edit_id") == edit_id(document, 1));
    CHECK(text_at(rolled, "/reverted/0/commit") == text_at(document.at("edits").at(1), "/commit"));
    CHECK(text_at(rolled, "/reverted/0/revert_commit").size() == 40);
    const auto again = world.run({"learning", "rollback", "--last"});
    CHECK(again.status == 1);
    CHECK(world.commits().size() == 3);
  }
  SUBCASE("approve takes the queued edit through the gate") {
    const auto approved = world.run({"learning", "approve", edit_id(document, 2)});
    INFO(approved.out << approved.err);
    REQUIRE(approved.status == 0);
    const auto result = approved.json();
    CHECK(text_at(result, "/edit/status") == "applied");
    CHECK(text_at(result, "/edit/verdict") == "accept");
    CHECK(result.at("edit").at("benchmark_delta").to_number<double>() > 0);
    CHECK(world.read("agents/simple/system_prompt.md").find("step by step") != std::string::npos);
    CHECK(world.commits().front().find("Risk-Tier: review") != std::string::npos);
    CHECK(world.run({"learning", "review"}).json().at("pending").as_array().empty());
    CHECK(world.run({"learning", "approve", edit_id(document, 2)}).status == 1);
  }
  SUBCASE("reject drops the queued edit and keeps the reason") {
    const auto prompt = world.read("agents/simple/system_prompt.md");
    const auto rejected =
        world.run({"learning", "reject", edit_id(document, 2), "--reason", "too wordy"});
    REQUIRE(rejected.status == 0);
    CHECK(text_at(rejected.json(), "/edit/status") == "rejected_by_user");
    CHECK(text_at(rejected.json(), "/edit/reject_reason") == "too wordy");
    CHECK(world.run({"learning", "review"}).json().at("pending").as_array().empty());
    CHECK(world.read("agents/simple/system_prompt.md") == prompt);
    const auto shown = world.run({"learning", "show", "session-"}).json();
    CHECK(text_at(shown, "/edits/2/reject_reason") == "too wordy");
    CHECK(text_at(shown, "/session/status") == "completed");
  }
}

TEST_CASE("session: what --autonomy says decides what is tried unasked") {
  const World world(planning(four_edits()));
  SUBCASE("manual queues everything that could be tried") {
    const auto document = world.run({"learning", "run", "--autonomy", "manual"}).json();
    CHECK(statuses(document) ==
          Strings{"pending_review", "pending_review", "pending_review", "skipped"});
    CHECK(world.commits().size() == 1);
  }
  SUBCASE("auto tries review edits too, never manual ones") {
    const auto document = world.run({"learning", "run", "--autonomy", "auto"}).json();
    CHECK(statuses(document) == Strings{"rejected_by_gate", "applied", "applied", "skipped"});
    CHECK(world.commits().size() == 3);
  }
}

TEST_CASE("session: the rates of a cluster are those that the server's log lets one count") {
  const World world(planning({}));
  REQUIRE(world.run({"learning", "benchmark", "refresh"}).status == 0);
  const auto calls_before = world.models.calls().size();
  const auto document = world.run({"learning", "run"}).json();

  std::map<std::size_t, std::vector<double>> student, teacher;
  std::map<std::size_t, std::string> student_said;
  const auto calls = world.models.calls();
  for (std::size_t i = calls_before; i < calls.size(); ++i) {
    const FakeCall& call = calls[i];
    if (call.part == Part::plan) break;
    if (call.part == Part::student) student_said[*call.question] = call.answer;
    if (call.part == Part::judge)
      (student_said[*call.question] == call.candidate ? student : teacher)[*call.question]
          .push_back(call.score);
  }
  const auto share = [](const std::map<std::size_t, std::vector<double>>& scores, bool succeeded) {
    double sum = 0;
    for (const auto& [question, values] : scores)
      sum += static_cast<double>(
                 std::count_if(values.begin(), values.end(),
                               [&](double score) { return (score >= 0.5) == succeeded; })) /
             static_cast<double>(values.size());
    return sum / static_cast<double>(scores.size());
  };
  REQUIRE(student.size() == 6);
  const auto& cluster = document.at("clusters").at(0);
  CHECK(cluster.at("student_failure_rate").to_number<double>() ==
        doctest::Approx(share(student, false)));
  CHECK(cluster.at("teacher_success_rate").to_number<double>() ==
        doctest::Approx(share(teacher, true)));
}

TEST_CASE("session: the teacher never sees a held-out question") {
  const World world(planning({}));
  REQUIRE(world.run({"learning", "run"}).status == 0);
  const auto benchmark = json::parse(world.read("learning/benchmarks/personal_v1.json"));
  std::set<std::size_t> held_out;
  for (const auto& task : benchmark.at("tasks").as_array()) {
    const std::string text = json::serialize(task);
    if (text.find("held_out") != std::string::npos) held_out.insert(number_of(text));
  }
  REQUIRE(held_out.size() > 10);
  for (const FakeCall& call : world.models.calls())
    for (const std::size_t number : held_out)
      if (call.part == FakeCall::Part::diagnosis || call.part == FakeCall::Part::plan)
        CHECK(call.request.find("order " + std::to_string(number) + " ") == std::string::npos);
}

TEST_CASE("session: the next one does not try again what this one rejected, nor queue it twice") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  const World world(behaviour);
  const auto first = world.run({"learning", "run"}).json();
  // The accepted edit changed the files, so that the second session measures anew; only the third
  // starts from the same ones.
  world.run({"learning", "run"});
  const auto third = world.run({"learning", "run"}).json();
  REQUIRE(statuses(first) ==
          std::vector<std::string>{"rejected_by_gate", "applied", "pending_review", "skipped"});
  CHECK(statuses(third) == std::vector<std::string>{"skipped", "skipped", "skipped", "skipped"});
  CHECK(text_at(third, "/edits/0/error").find("tried before") == 0);
  CHECK(text_at(third, "/edits/2/error").find("waits for review") != std::string::npos);
  const auto calls = world.models.calls();
  const auto plan = std::find_if(calls.rbegin(), calls.rend(), [](const FakeCall& call) {
    return call.part == FakeCall::Part::plan;
  });
  REQUIRE(plan != calls.rend());
  CHECK(plan->request.find("Edits of earlier sessions") != std::string::npos);
}
