// Kills a process that evaluates, again and again, and counts the calls that each life makes.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "core/home/evaluations/evaluation_database.hpp"
#include "core/session/execute/gate/evaluator.hpp"
#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/home.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::FakeJudge;
using jarvis::testing::FakeStudent;
using jarvis::testing::MemoryHome;
using jarvis::testing::TemporaryDirectory;

namespace {

constexpr int kUsualKills = 8;
constexpr int kTasksPerKill = 3;
constexpr int kConcurrency = 4;
constexpr int kAttempts = 2;
constexpr const char* kStudent = "runner/model";

/** JARVIS_KILLS asks for a longer test. */
int wanted_kills() {
  const char* text = std::getenv("JARVIS_KILLS");
  return text ? std::atoi(text) : kUsualKills;
}

class NoClock : public Clock {
 public:
  double now() const override { return 0; }
};

/** Calls, or rows, by "<student or judge> <home> <question>". */
using Counts = std::map<std::string, int>;

std::string text_of(const HomeView& home) {
  return *home.read("config.toml");
}

/** Two homes, measured with slow calls that are put down in a file before they are made. */
class SlowEvaluation {
 public:
  explicit SlowEvaluation(int tasks)
      : log_(directory_.path() / "calls"), file_(directory_.path() / "learning/evaluations.db") {
    homes_[0].files["config.toml"] = "before";
    homes_[1].files["config.toml"] = "after";
    for (int i = 0; i < tasks; ++i) {
      Task task;
      task.id = "task-" + std::to_string(i);
      task.query = "question-" + std::to_string(i);
      task.gold = "gold";
      tasks_.push_back(task);
    }
  }

  /** Measures both homes; whoever comes second finds what the first left. */
  Result<Evaluation> make() const {
    const auto ledger = EvaluationDatabase::open(file_, clock_);
    if (!ledger) return ledger.error();
    FakeStudent student;
    student.reply = [this](const HomeView& home, const std::string& query) {
      put_down("student " + text_of(home) + " " + query);
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
      return Result<std::string>(text_of(home) + " " + query);
    };
    FakeJudge judge;
    judge.reply = [this](const std::string&, const std::string&, const std::string& answer) {
      put_down("judge " + answer);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return Result<Judgement>(Judgement{score_of(answer), ""});
    };
    EvaluationParts parts{student, judge, **ledger, kConcurrency};
    parts.student_identity = kStudent;
    std::vector<ArmRequest> arms;
    for (const MemoryHome& home : homes_)
      arms.push_back({&home, *fingerprint_of(home), std::vector<int>(tasks_.size(), kAttempts)});
    return Evaluator(parts).evaluate(arms, tasks_);
  }

  /** What `make` must give. */
  bool is_right(const Evaluation& evaluation) const {
    for (std::size_t arm = 0; arm < 2; ++arm)
      for (std::size_t i = 0; i < tasks_.size(); ++i)
        for (const RunScore& run : evaluation.arms[arm][i])
          if (run.score != score_of(text_of(homes_[arm]) + " " + tasks_[i].query)) return false;
    return true;
  }

  Counts calls() const {
    Counts counts;
    std::ifstream file(log_);
    for (std::string line; std::getline(file, line);) ++counts[line];
    return counts;
  }

  /** The finished calls in the ledger. */
  Counts rows() const {
    const auto ledger = EvaluationDatabase::open(file_, clock_);
    REQUIRE_MESSAGE(ledger.ok(), (ledger ? "" : ledger.error().message));
    Counts counts;
    for (const MemoryHome& home : homes_)
      for (const Task& task : tasks_) {
        const std::string answer = text_of(home) + " " + task.query;
        for (int attempt = 0; attempt < kAttempts; ++attempt)
          if (*(*ledger)->answer(run_key(*fingerprint_of(home), task, kStudent, attempt)))
            ++counts["student " + answer];
        if (*(*ledger)->score({task.query, task.gold, answer, "fake-judge"}))
          ++counts["judge " + answer];
      }
    return counts;
  }

 private:
  static double score_of(const std::string& answer) {
    return static_cast<double>(answer.size() % 7) / 7;
  }

  void put_down(const std::string& call) const {
    const std::string line = call + "\n";
    const int file = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::abort();
    ::close(file);
  }

  TemporaryDirectory directory_;
  std::filesystem::path log_;
  std::filesystem::path file_;
  MemoryHome homes_[2];
  std::vector<Task> tasks_;
  NoClock clock_;
};

/** Lets a child make the evaluation, for so long. False when it was killed before its end. */
bool lives(const SlowEvaluation& slow, std::optional<std::chrono::microseconds> life) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto evaluation = slow.make();
    ::_exit(evaluation && slow.is_right(*evaluation) ? 0 : 1);
  }
  REQUIRE(child > 0);
  if (life) {
    std::this_thread::sleep_for(*life);
    ::kill(child, SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  if (WIFSIGNALED(status)) return false;
  REQUIRE(WEXITSTATUS(status) == 0);
  return true;
}

int sum(const Counts& counts) {
  int all = 0;
  for (const auto& [name, count] : counts) all += count;
  return all;
}

/** Of a life: it made no finished call again, and of what it made at most the calls under way were
 * lost. */
void check_life(const Counts& calls_before, const Counts& rows_before, const Counts& calls_after,
                const Counts& rows_after) {
  for (const auto& [name, count] : calls_after) {
    const auto of = [&name = name](const Counts& counts) {
      const auto found = counts.find(name);
      return found == counts.end() ? 0 : found->second;
    };
    CAPTURE(name);
    const int wanted = name.starts_with("student") ? kAttempts : 1;
    CHECK(count - of(calls_before) <= wanted - of(rows_before));
  }
  const int made = sum(calls_after) - sum(calls_before);
  const int kept = sum(rows_after) - sum(rows_before);
  CHECK(made - kept >= 0);
  CHECK(made - kept <= kConcurrency);
}

}  // namespace

TEST_CASE("evaluator: killed at any point, it goes on with what it had and repeats nothing") {
  const int kills = wanted_kills();
  const int tasks = kills * kTasksPerKill;
  const SlowEvaluation slow(tasks);
  std::mt19937 dice(20260601);
  std::uniform_int_distribution<int> life(2000, 30000);
  Counts calls, rows;
  bool done = false;
  int killed = 0;
  while (!done) {
    done = lives(
        slow, killed < kills ? std::optional(std::chrono::microseconds(life(dice))) : std::nullopt);
    killed += done ? 0 : 1;
    Counts calls_now = slow.calls(), rows_now = slow.rows();
    check_life(calls, rows, calls_now, rows_now);
    calls = std::move(calls_now);
    rows = std::move(rows_now);
  }
  CHECK(sum(rows) == 2 * tasks * (kAttempts + 1));
  CHECK(sum(calls) <= sum(rows) + killed * kConcurrency);
  MESSAGE(killed << " kills, " << sum(rows) << " calls wanted, " << sum(calls) << " made");
  // Everything is there: another life makes no call at all.
  CHECK(lives(slow, std::nullopt));
  CHECK(slow.calls() == calls);
}
