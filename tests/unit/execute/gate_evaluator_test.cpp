#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <set>

#include "core/session/execute/gate/evaluator.hpp"

using namespace jarvis;

namespace {

/** A home held in memory. */
class MemoryHome : public HomeView {
 public:
  std::map<std::string, std::string> files{{"config.toml", "a = 1\n"}};
  bool broken = false;

  const std::filesystem::path& root() const override { return root_; }
  Result<std::string> read(const std::string& relative) const override {
    return files.at(relative);
  }
  Result<std::vector<std::string>> tracked_files() const override {
    if (broken) return Error{ErrorKind::io, "cannot read the home", ""};
    std::vector<std::string> names;
    for (const auto& [name, text] : files) names.push_back(name);
    return names;
  }

 private:
  std::filesystem::path root_ = "/nowhere";
};

class FakeStudent : public Student {
 public:
  std::atomic<int> calls{0};
  std::map<std::string, Error> failures;  // by query

  Result<StudentAnswer> answer(const HomeView&, const std::string& query, const std::string&,
                               const std::string&) override {
    ++calls;
    if (const auto failure = failures.find(query); failure != failures.end())
      return failure->second;
    StudentAnswer answer;
    answer.result.output = "answer to " + query;
    return answer;
  }
  Result<std::vector<std::string>> probe(const HomeView&) override {
    return std::vector<std::string>();
  }
};

class FakeJudge : public Judge {
 public:
  std::atomic<int> calls{0};
  std::map<std::string, Result<Judgement>> replies;  // by query

  Result<Judgement> score(const std::string& query, const std::string&,
                          const std::string& answer) override {
    ++calls;
    CHECK(answer == "answer to " + query);
    if (const auto reply = replies.find(query); reply != replies.end()) return reply->second;
    return Judgement{1.0, "right"};
  }
  std::string model() const override { return "judge"; }
};

std::vector<Task> tasks_of(int count) {
  std::vector<Task> tasks;
  for (int i = 0; i < count; ++i) {
    Task task;
    task.id = "task-" + std::to_string(i);
    task.query = "question " + std::to_string(i);
    task.query_class = "math";
    task.gold = "gold";
    task.weight = 1 + i;
    tasks.push_back(task);
  }
  return tasks;
}

struct Bench {
  MemoryHome home;
  FakeStudent student;
  FakeJudge judge;
  EvaluationMemory memory;
  std::function<bool()> cancelled;

  Result<ArmScores> run(const std::vector<Task>& tasks) {
    return evaluate(home, tasks, {student, judge, memory, 4, nullptr, cancelled});
  }
};

}  // namespace

TEST_CASE("evaluator: a home that cannot be read is an error, and nobody is asked") {
  Bench bench;
  bench.home.broken = true;
  const auto arm = bench.run(tasks_of(3));
  REQUIRE(!arm);
  CHECK(arm.error().kind == ErrorKind::io);
  CHECK(bench.student.calls == 0);
}

TEST_CASE("evaluator: failures of student and judge are missing with their reasons, never zero") {
  Bench bench;
  bench.student.failures["question 1"] = {ErrorKind::unavailable, "connection refused", ""};
  bench.judge.replies.insert({"question 2", Judgement{std::nullopt, "?"}});
  bench.judge.replies.insert({"question 3", Judgement{1.5, ""}});
  bench.judge.replies.insert({"question 4", Error{ErrorKind::retryable, "overloaded", ""}});
  const auto arm = bench.run(tasks_of(6));
  REQUIRE(arm);
  REQUIRE(arm->tasks.size() == 6);
  CHECK(arm->tasks[0].score == 1.0);
  CHECK(arm->tasks[0].task_id == "task-0");
  CHECK(arm->tasks[5].weight == 6);
  for (std::size_t i = 1; i <= 4; ++i) CHECK(!arm->tasks[i].score);
  CHECK(arm->tasks[1].missing_reason == "connection refused");
  CHECK(arm->tasks[2].missing_reason == "the judge's reply could not be read");
  CHECK(arm->tasks[3].missing_reason == "the judge's score does not lie in 0..1");
  CHECK(arm->tasks[4].missing_reason == "overloaded");
}

TEST_CASE("evaluator: the end of the money ends it, and finished runs are kept") {
  Bench bench;
  bench.judge.replies.insert({"question 5", Error{ErrorKind::budget, "the money is spent", ""}});
  const auto arm = bench.run(tasks_of(40));
  REQUIRE(!arm);
  CHECK(arm.error().kind == ErrorKind::budget);
  const int spent = bench.student.calls;
  CHECK(spent < 40);
  bench.judge.replies.clear();
  REQUIRE(bench.run(tasks_of(40)));
  CHECK(bench.student.calls == 40);
}

TEST_CASE("evaluator: stops when it is cancelled") {
  Bench bench;
  bench.cancelled = [&] { return bench.student.calls >= 3; };
  const auto arm = bench.run(tasks_of(50));
  REQUIRE(!arm);
  CHECK(arm.error().kind == ErrorKind::cancelled);
  CHECK(bench.student.calls < 10);
}

TEST_CASE("evaluator: a finished run is never repeated, a failed one is") {
  Bench bench;
  bench.student.failures["question 1"] = {ErrorKind::unavailable, "down", ""};
  bench.judge.replies.insert({"question 2", Error{ErrorKind::retryable, "overloaded", ""}});
  REQUIRE(bench.run(tasks_of(4)));
  CHECK(bench.student.calls == 4);
  CHECK(bench.judge.calls == 3);
  bench.student.failures.clear();
  bench.judge.replies.clear();
  const auto arm = bench.run(tasks_of(4));
  REQUIRE(arm);
  CHECK(arm->coverage() == 1);
  CHECK(bench.student.calls == 5);
  CHECK(bench.judge.calls == 5);
}

TEST_CASE("evaluator: another home is another run") {
  Bench bench;
  REQUIRE(bench.run(tasks_of(2)));
  bench.home.files["config.toml"] = "a = 2\n";
  REQUIRE(bench.run(tasks_of(2)));
  CHECK(bench.student.calls == 4);
  bench.home.files["config.toml"] = "a = 1\n";
  REQUIRE(bench.run(tasks_of(2)));
  CHECK(bench.student.calls == 4);
}

TEST_CASE("fingerprint: names and bytes count, wherever the border between them lies") {
  std::set<std::string> seen;
  using Files = std::map<std::string, std::string>;
  for (const Files& files : {Files{}, Files{{"a", ""}}, Files{{"a", "b"}}, Files{{"ab", ""}},
                             Files{{"a", "1:b"}}, Files{{"a", ""}, {"b", ""}}}) {
    MemoryHome home;
    home.files = files;
    const auto fingerprint = fingerprint_of(home);
    REQUIRE(fingerprint);
    CHECK(fingerprint->size() == 64);
    CHECK(seen.insert(*fingerprint).second);
  }
}
