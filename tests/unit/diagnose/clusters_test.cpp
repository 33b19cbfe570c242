#include "core/session/diagnose/clusters.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/unit/diagnose/diagnose_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

std::vector<Cluster> read(const std::string& text) {
  return read_clusters(json::parse(text).as_array());
}

}  // namespace

TEST_CASE("clusters: entries that are no objects are passed over, wrong types read as missing") {
  const auto clusters = read(R"([1, "x", null, {"id": 7, "task_ids": "p1", "description": []},
                                {"id": "a", "task_ids": ["p1", 2, "p1"], "student_failure_rate": "0.9"}])");
  REQUIRE(clusters.size() == 2);
  CHECK_FALSE(clusters[0].id.empty());
  CHECK(clusters[0].task_ids.empty());
  CHECK(clusters[1].task_ids == std::vector<std::string>{"p1"});
  CHECK_FALSE(clusters[1].claimed.student_failure_rate);
}

TEST_CASE("clusters: ids are made unique, also against names of the same form") {
  std::set<std::string> ids;
  const auto clusters = read(
      R"([{"id": "cluster-2"}, {"id": "cluster-2"}, {}, {"id": "cluster-4"}, {"id": "a"}, {"id": "a"}])");
  for (const Cluster& cluster : clusters) ids.insert(cluster.id);
  CHECK(ids.size() == 6);
  CHECK(ids.count("cluster-2") == 1);
  CHECK(ids.count("a") == 1);
}

TEST_CASE("clusters: there is an end to their number") {
  json::array many;
  for (int i = 0; i < 500; ++i) many.push_back(json::object());
  CHECK(read_clusters(many).size() == 20);
}

TEST_CASE("clusters: unknown and held-out task ids are taken out") {
  DiagnoseFixture fixture;
  const Asked ask(fixture);
  REQUIRE(ask("student", {{"task_id", "p1"}}));
  REQUIRE(ask("judge", {{"task_id", "p1"}}));
  auto cluster = read(R"([{"id": "a", "task_ids": ["h1", "p1", "no such", "p2"]}])")[0];
  verify(cluster, ask.evidence, ask.services);
  CHECK(cluster.task_ids == std::vector<std::string>{"p1", "p2"});
  CHECK(*cluster.student_failure_rate == 1.0);
  CHECK_FALSE(cluster.teacher_success_rate);
  CHECK_FALSE(cluster.dropped);
  CHECK(cluster.query_class == "math");
}

TEST_CASE("clusters: the rates are means over tasks of the shares of their runs") {
  DiagnoseFixture fixture;
  const Asked ask(fixture);
  Evidence evidence;
  for (const double score : {1.0, 0.0, 0.4, 0.0}) {
    const auto index = evidence.answers(Answerer::student, "p1").size();
    evidence.add_answer(Answerer::student, "p1", "x");
    evidence.set_score(Answerer::student, "p1", index, score);
  }
  evidence.add_answer(Answerer::student, "p2", "x");
  evidence.set_score(Answerer::student, "p2", 0, 1.0);
  evidence.add_answer(Answerer::teacher, "p2", "x");
  evidence.set_score(Answerer::teacher, "p2", 0, 0.5);
  auto cluster = read(R"([{"id": "a", "task_ids": ["p1", "p2"]}])")[0];
  verify(cluster, evidence, ask.services);
  CHECK(*cluster.student_failure_rate == doctest::Approx(0.375));
  CHECK(*cluster.teacher_success_rate == 1.0);
}

TEST_CASE("clusters: one whose failure was not reproduced is dropped") {
  DiagnoseFixture fixture;
  fixture.student.reply = [](const HomeView&, const std::string&) -> Result<std::string> {
    return std::string("42");
  };
  const Asked ask(fixture);
  REQUIRE(ask("student", {{"task_id", "p1"}}));
  REQUIRE(ask("judge", {{"task_id", "p1"}}));
  auto cluster = read(R"([{"id": "a", "task_ids": ["p1"], "student_failure_rate": 0.99}])")[0];
  verify(cluster, ask.evidence, ask.services);
  CHECK(cluster.dropped);
  CHECK(cluster.drop_reason.find("not reproduced") != std::string::npos);
  CHECK(*cluster.student_failure_rate == 0);
  CHECK(*cluster.claimed.student_failure_rate == 0.99);
}

TEST_CASE("clusters: one without a compared task is dropped, a run alone is no comparison") {
  DiagnoseFixture fixture;
  const Asked ask(fixture);
  REQUIRE(ask("student", {{"task_id", "p1"}}));
  auto cluster = read(R"([{"id": "a", "task_ids": ["p1"]}])")[0];
  verify(cluster, ask.evidence, ask.services);
  CHECK(cluster.dropped);
  CHECK_FALSE(cluster.student_failure_rate);
}

TEST_CASE("clusters: traces named by the beginning of their id count once and under their id") {
  DiagnoseFixture fixture;
  fixture.benchmark.reset();
  fixture.traces.add("Capital of France?", 0.9, "Paris");
  const Asked ask(fixture);
  REQUIRE(ask("student", {{"task_id", "tra"}}));
  REQUIRE(ask("judge", {{"task_id", "trace"}}));
  auto cluster = read(R"([{"id": "a", "task_ids": ["trac", "trace-0"]}])")[0];
  verify(cluster, ask.evidence, ask.services);
  CHECK(cluster.task_ids == std::vector<std::string>{"trace-0"});
  CHECK(*cluster.student_failure_rate == 1.0);
}

TEST_CASE(
    "diagnosis document: the narrative, then measured beside claimed, and why one was dropped") {
  Cluster kept;
  kept.id = "a";
  kept.description = "sums";
  kept.skill_gap = "It guesses.";
  kept.query_class = "math";
  kept.student_failure_rate = 0.25;
  kept.claimed.student_failure_rate = 0.99;
  Cluster lost;
  lost.id = "b";
  lost.dropped = true;
  lost.drop_reason = "no task of it was run and compared";
  const std::string text = diagnosis_document({"# Story", {kept, lost}});
  CHECK(text.find("# Story") == 0);
  CHECK(text.find("## a: sums") != std::string::npos);
  CHECK(text.find("| student fails | 25 % | 99 % |") != std::string::npos);
  CHECK(text.find("| teacher succeeds | not measured | not measured |") != std::string::npos);
  CHECK(text.find("It guesses.") != std::string::npos);
  CHECK(text.find("**Dropped**: no task of it was run and compared.") != std::string::npos);
}
