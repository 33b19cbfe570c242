// The evaluator with its ledger on the disk: how close slow students come to the ideal time, and
// how many evaluations a second fast ones get.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <thread>

#include "core/home/evaluations/evaluation_database.hpp"
#include "core/home/live_home.hpp"
#include "core/host/plugin_judge.hpp"
#include "core/host/plugin_student.hpp"
#include "core/session/execute/gate/evaluator.hpp"
#include "plugins/shared/rehearsal_student.hpp"
#include "tests/support/fakes/engines.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::FakeJudge;
using jarvis::testing::FakeStudent;
using jarvis::testing::TemporaryDirectory;

namespace {

constexpr int kSlowTasks = 50;
constexpr int kSlowConcurrency = 16;
constexpr double kSlowSeconds = 0.2;
constexpr int kFastConcurrency = 16;

class SystemClock : public Clock {
 public:
  double now() const override { return static_cast<double>(std::time(nullptr)); }
};

template <class T>
T required(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "bench_evaluator: %s\n", result.error().message.c_str());
  std::exit(1);
}

std::vector<Task> tasks_of(int count) {
  std::vector<Task> tasks;
  for (int i = 0; i < count; ++i) {
    Task task;
    task.id = "task-" + std::to_string(i);
    task.query = rehearsal::question_text(static_cast<std::size_t>(i));
    task.query_class = "math";
    task.agent = "simple";
    task.gold = "A: " + rehearsal::work_out(*rehearsal::parse_question(task.query)).answer;
    tasks.push_back(std::move(task));
  }
  return tasks;
}

/** A home with a ledger. `folder` has no other use of it. */
struct World {
  TemporaryDirectory folder;
  SystemClock clock;
  std::unique_ptr<EvaluationDatabase> ledger;

  World() {
    folder.write("config.toml", "[agent.simple]\ntemperature = 0.2\ntools = [\"calculator\"]\n");
    folder.write("agents/simple/system_prompt.md", "Answer step by step.\n");
    ledger = required(EvaluationDatabase::open(folder.path() / "learning/evaluations.db", clock));
  }

  Evaluation measure(Student& student, Judge& judge, int tasks, int arms, int concurrency) {
    const LiveHome home(folder.path());
    std::vector<ArmRequest> requests;
    for (int arm = 0; arm < arms; ++arm)
      requests.push_back({&home, required(fingerprint_of(home)) + std::to_string(arm),
                          std::vector<int>(static_cast<std::size_t>(tasks), 1)});
    return required(
        Evaluator({student, judge, *ledger, concurrency}).evaluate(requests, tasks_of(tasks)));
  }

  double megabytes() const {
    double bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "learning"))
      bytes += static_cast<double>(entry.file_size());
    return bytes / 1e6;
  }
};

double resident_megabytes() {
  long pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

void slow_students() {
  World world;
  FakeStudent student;
  student.reply = [](const HomeView&, const std::string& query) {
    std::this_thread::sleep_for(std::chrono::duration<double>(kSlowSeconds));
    return Result<std::string>(query);
  };
  FakeJudge judge;
  const double seconds =
      world.measure(student, judge, kSlowTasks, 2, kSlowConcurrency).elapsed_seconds;
  // No call can be cut in pieces: the last round is not full.
  const double ideal = std::ceil(2.0 * kSlowTasks / kSlowConcurrency) * kSlowSeconds;
  const double full = 2.0 * kSlowTasks / kSlowConcurrency * kSlowSeconds;
  std::printf("%d tasks x 2 arms at %.0f ms, %d at once: %.3f s, %.3f x the ideal %.3f s\n",
              kSlowTasks, kSlowSeconds * 1000, kSlowConcurrency, seconds, seconds / ideal, ideal);
  std::printf("  %.3f x the %.3f s that full rounds alone would take\n", seconds / full, full);
}

void row(const char* what, int tasks, const Evaluation& evaluation, const World& world) {
  std::printf("  %-34s %8d %10.0f %14.1f %10.1f\n", what, tasks, tasks / evaluation.elapsed_seconds,
              resident_megabytes(), world.megabytes());
}

void fast_students() {
  std::printf("Students that take no time, %d at once\n  %-34s %8s %10s %14s %10s\n",
              kFastConcurrency, "", "tasks", "a second", "resident, MB", "ledger, MB");
  PluginPolicy policy;
  policy.built_in = BUILT_IN_PLUGINS;
  PluginHost plugins(policy);
  HttpService http;
  for (const int tasks : {1000, 10000, 50000}) {
    World world;
    SessionPurse purse(required(Ledger::open(world.folder.path() / "ledger.jsonl")), "bench", 1);
    StudentSettings settings;
    settings.runner = "rehearsal";
    const auto student = required(PluginStudent::make(plugins, http, settings, purse, {}));
    PluginJudge judge(plugins, required(plugins.find(JARVIS_JUDGE_1, "rehearsal")), {}, purse, {});
    const auto first = world.measure(*student, judge, tasks, 1, kFastConcurrency);
    row("the rehearsal student and judge", tasks, first, world);
    const auto again = world.measure(*student, judge, tasks, 1, kFastConcurrency);
    row("the same again, from the ledger", tasks, again, world);
    if (again.student_calls + again.judge_calls != 0) std::exit(1);
  }
  World world;
  FakeStudent student;
  FakeJudge judge;
  const auto fakes = world.measure(student, judge, 10000, 1, kFastConcurrency);
  row("none: the evaluator alone", 10000, fakes, world);
}

}  // namespace

int main() {
  slow_students();
  fast_students();
}
