#include "core/benchmark/store.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/benchmark/statistics.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

BenchmarkFile file_of(int number) {
  BenchmarkFile file;
  Benchmark& benchmark = file.benchmark;
  benchmark.number = number;
  benchmark.version = "personal_v" + std::to_string(number);
  benchmark.created_at = "2026-06-01T03:00:00Z";
  benchmark.cost_usd = 0.25;
  benchmark.teacher_model = "a-teacher";
  benchmark.judge_model = "a-judge";
  Task task;
  task.id = "task-000000000001";
  task.query = "a \"question\"\nof two lines \u00e4";
  task.query_class = "math";
  task.agent = "simple";
  task.gold = "an answer";
  task.gold_source = "user";
  task.trace_id = "trace-1";
  task.stratum = Stratum::repair;
  task.part = Part::practice;
  task.weight = 1.25;
  benchmark.tasks.push_back(task);
  task.id = "task-000000000002";
  task.stratum = Stratum::retain;
  task.part = Part::held_out;
  task.query_class = "short";
  task.gold_source = "teacher";
  benchmark.tasks.push_back(task);
  file.provenance.push_back({benchmark.version,
                             benchmark.created_at,
                             "a-teacher",
                             "a-judge",
                             "abc",
                             0.25,
                             {"task-000000000001"},
                             {"trace-1"}});
  file.unsure_task_ids = {"task-000000000003"};
  return file;
}

/** A store whose version 2 is good and whose version 3 holds `text`. */
Error error_of_newest(const std::string& text) {
  const TemporaryDirectory directory;
  const BenchmarkStore store(directory.path());
  REQUIRE(store.write(file_of(2)));
  directory.write("personal_v3.json", text);
  const auto newest = store.newest();
  REQUIRE(!newest);
  return newest.error();
}

std::string replaced(const std::string& what, const std::string& with) {
  const TemporaryDirectory directory;
  REQUIRE(BenchmarkStore(directory.path()).write(file_of(3)));
  std::string text = directory.read("personal_v3.json");
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("benchmark store: a directory that is missing or empty holds no version") {
  const TemporaryDirectory directory;
  const auto missing = BenchmarkStore(directory.path() / "none").newest();
  REQUIRE(missing);
  CHECK(!missing->has_value());
  directory.write("notes.txt", "");
  directory.write("personal_v.json", "");
  directory.write("personal_v01.json", "");
  directory.write("personal_v1.json.new-77-1", "");
  directory.write("personal_v99999999999.json", "");
  const auto empty = BenchmarkStore(directory.path()).newest();
  REQUIRE(empty);
  CHECK(!empty->has_value());
}

TEST_CASE("benchmark store: a broken newest file is an error that names it") {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("{}"),
        replaced("personal-benchmark/1", "personal-benchmark/9"),
        replaced("\"number\": 3", "\"number\": 4"),
        replaced("task-000000000002", "task-000000000001"), replaced("\"repair\"", "\"repaired\""),
        replaced("\"held_out\"", "\"hidden\""), replaced("1.25E0", "0"),
        replaced("\"gold\":\"an answer\"", "\"gold\":\"\""),
        replaced("\"gold\":", "\"silver\":")}) {
    CAPTURE(text);
    const Error error = error_of_newest(text);
    CHECK(error.kind == ErrorKind::invalid);
    CHECK(error.message.find("personal_v3.json' is broken: ") != std::string::npos);
    CHECK(!error.hint.empty());
  }
}

TEST_CASE("benchmark store: the message says which task and which field") {
  const Error error = error_of_newest(replaced("\"repair\"", "\"repaired\""));
  CHECK(error.message.find("task 1: field 'stratum' is neither \"retain\" nor \"repair\"") !=
        std::string::npos);
}

TEST_CASE("benchmark store: a directory in place of the newest file is an error") {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path() / "personal_v1.json");
  CHECK(!BenchmarkStore(directory.path()).newest());
}

TEST_CASE("benchmark store: what could not be read back is not written") {
  const TemporaryDirectory directory;
  const BenchmarkStore store(directory.path());
  BenchmarkFile file = file_of(1);
  file.benchmark.tasks[0].query = "\xff\xfe";
  CHECK(!store.write(file));
  file = file_of(1);
  file.benchmark.tasks[1].id = file.benchmark.tasks[0].id;
  CHECK(!store.write(file));
  CHECK(!std::filesystem::exists(store.path_of(1)));
}

TEST_CASE("benchmark store: a version is never overwritten") {
  const TemporaryDirectory directory;
  const BenchmarkStore store(directory.path());
  REQUIRE(store.write(file_of(1)));
  const std::string before = directory.read("personal_v1.json");
  BenchmarkFile other = file_of(1);
  other.benchmark.tasks.clear();
  const auto written = store.write(other);
  REQUIRE(!written);
  CHECK(written.error().kind == ErrorKind::refused);
  CHECK(directory.read("personal_v1.json") == before);
}

TEST_CASE("benchmark store: the newest is found by number, not by name") {
  const TemporaryDirectory directory;
  const BenchmarkStore store(directory.path() / "learning" / "benchmarks");
  for (const int number : {9, 10, 2}) REQUIRE(store.write(file_of(number)));
  const auto newest = store.newest();
  REQUIRE(newest);
  REQUIRE(newest->has_value());
  CHECK((*newest)->benchmark.number == 10);
  REQUIRE(store.load(2));
  CHECK(store.load(3).error().kind == ErrorKind::not_found);
}

TEST_CASE("benchmark store: reads back all that was written; files are private") {
  const TemporaryDirectory directory;
  const BenchmarkStore store(directory.path());
  const BenchmarkFile file = file_of(1);
  REQUIRE(store.write(file));
  struct stat facts {};
  REQUIRE(::stat(store.path_of(1).c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  const auto read = store.load(1);
  REQUIRE(read);
  CHECK(read->benchmark.version == "personal_v1");
  CHECK(read->benchmark.created_at == file.benchmark.created_at);
  CHECK(read->benchmark.cost_usd == 0.25);
  CHECK(read->benchmark.teacher_model == "a-teacher");
  CHECK(read->benchmark.judge_model == "a-judge");
  CHECK(read->unsure_task_ids == file.unsure_task_ids);
  REQUIRE(read->provenance.size() == 1);
  CHECK(read->provenance[0].gold_prompt_sha256 == "abc");
  CHECK(read->provenance[0].trace_ids == std::vector<std::string>{"trace-1"});
  REQUIRE(read->benchmark.tasks.size() == 2);
  const Task& task = read->benchmark.tasks[0];
  const Task& wrote = file.benchmark.tasks[0];
  CHECK(task.id == wrote.id);
  CHECK(task.query == wrote.query);
  CHECK(task.query_class == wrote.query_class);
  CHECK(task.agent == wrote.agent);
  CHECK(task.gold == wrote.gold);
  CHECK(task.gold_source == wrote.gold_source);
  CHECK(task.trace_id == wrote.trace_id);
  CHECK(task.stratum == wrote.stratum);
  CHECK(task.part == wrote.part);
  CHECK(task.weight == wrote.weight);
}

TEST_CASE("benchmark statistics: count strata, classes and parts") {
  const json::object shown = benchmark_statistics(file_of(4).benchmark);
  CHECK(shown.at("version") == "personal_v4");
  CHECK(shown.at("task_count").to_number<int>() == 2);
  CHECK(shown.at("strata") == json::value({{"repair", 1}, {"retain", 1}}));
  CHECK(shown.at("query_classes") == json::value({{"math", 1}, {"short", 1}}));
  CHECK(shown.at("parts") == json::value({{"held_out", 1}, {"practice", 1}}));
  CHECK(shown.at("created_at") == "2026-06-01T03:00:00Z");
  CHECK(shown.at("cost_usd") == 0.25);
  CHECK(benchmark_statistics({}).at("strata") == json::value({{"repair", 0}, {"retain", 0}}));
}
