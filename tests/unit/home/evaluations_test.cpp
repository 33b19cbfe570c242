#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>
#include <thread>

#include "core/home/evaluations/evaluation_database.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

namespace fs = std::filesystem;

class FixedClock : public Clock {
 public:
  double time = 1000;
  double now() const override { return time; }
};

RunKey run_of(const std::string& task, int attempt = 0) {
  return {"fingerprint", task, "question", "student", attempt};
}

JudgeKey judgement_of(const std::string& output) {
  return {"query", "gold", output, "judge"};
}

struct Ledger {
  TemporaryDirectory home;
  FixedClock clock;
  fs::path file = home.path() / "learning" / "evaluations.db";

  std::unique_ptr<EvaluationDatabase> open() {
    auto opened = EvaluationDatabase::open(file, clock);
    REQUIRE_MESSAGE(opened.ok(), (opened ? "" : opened.error().message));
    return std::move(*opened);
  }
  Error refusal() {
    const auto opened = EvaluationDatabase::open(file, clock);
    REQUIRE(!opened.ok());
    return opened.error();
  }
  std::string bytes() const { return home.read("learning/evaluations.db"); }
  void run_sql(const std::string& sql) const {
    Poco::Data::SQLite::Connector::registerConnector();
    Poco::Data::Session session("SQLite", file.string());
    session << sql, Poco::Data::Keywords::now;
  }
};

bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("evaluations: a file that is no database is refused and stays as it is") {
  Ledger ledger;
  const std::string garbage(5000, 'x');
  ledger.home.write("learning/evaluations.db", garbage);
  const Error error = ledger.refusal();
  CHECK(error.kind == ErrorKind::invalid);
  CHECK(says(error.message, "evaluations.db' is damaged or not a database"));
  CHECK(says(error.hint, "move it away"));
  CHECK(ledger.bytes() == garbage);
}

TEST_CASE("evaluations: another program's database is refused") {
  Ledger ledger;
  ledger.home.write("learning/evaluations.db", "");
  ledger.run_sql("CREATE TABLE notes (text TEXT)");
  const std::string before = ledger.bytes();
  const Error error = ledger.refusal();
  CHECK(error.kind == ErrorKind::invalid);
  CHECK(says(error.message, "has no table 'schema_version'"));
  CHECK(says(error.hint, "move it away"));
  CHECK(ledger.bytes() == before);
}

TEST_CASE("evaluations: a newer program's ledger is refused") {
  Ledger ledger;
  ledger.open();
  ledger.run_sql("UPDATE schema_version SET version = 2");
  const Error error = ledger.refusal();
  CHECK(error.kind == ErrorKind::invalid);
  CHECK(says(error.message, "has schema version 2; this program knows 1"));
  CHECK(says(error.hint, "update the program"));
}

TEST_CASE("evaluations: a folder or a link in its place is refused") {
  Ledger ledger;
  fs::create_directories(ledger.file);
  CHECK(says(ledger.refusal().message, "is not a file"));
  fs::remove(ledger.file);
  fs::create_symlink(ledger.home.path() / "elsewhere", ledger.file);
  CHECK(says(ledger.refusal().message, "is not a file"));
  CHECK(!fs::exists(ledger.home.path() / "elsewhere"));
}

TEST_CASE("evaluations: damage inside the file is an error, never a missing row") {
  Ledger ledger;
  {
    const auto database = ledger.open();
    for (int i = 0; i < 300; ++i)
      REQUIRE(database->keep_output(run_of("task-" + std::to_string(i)), "s", std::string(900, 'y'))
                  .ok());
  }
  const auto size = fs::file_size(ledger.file);
  std::fstream file(ledger.file, std::ios::in | std::ios::out | std::ios::binary);
  for (std::uintmax_t at = 40960; at + 4096 <= size; at += 4096) {
    file.seekp(static_cast<std::streamoff>(at));
    file << std::string(64, '\xff');
  }
  file.close();
  const auto database = EvaluationDatabase::open(ledger.file, ledger.clock);
  int errors = 0;
  for (int i = 0; database && i < 300; ++i) {
    const auto output = (*database)->output(run_of("task-" + std::to_string(i)));
    if (output) {
      CHECK(output->has_value());
      continue;
    }
    ++errors;
    REQUIRE_MESSAGE(output.error().kind == ErrorKind::invalid, output.error().message);
    CHECK(says(output.error().hint, "move it away"));
  }
  CHECK((!database || errors > 0));
}

TEST_CASE("evaluations: what cannot be written is an error") {
  Ledger ledger;
  const auto database = ledger.open();
  ledger.run_sql("DROP TABLE runs");
  const auto kept = database->keep_output(run_of("a"), "s", "text");
  REQUIRE(!kept.ok());
  CHECK(says(kept.error().message, "no such table: runs"));
  CHECK(database->keep_score(judgement_of("text"), "s", 1).ok());
}

TEST_CASE("evaluations: nobody else may read the file") {
  Ledger ledger;
  const auto database = ledger.open();
  REQUIRE(database->keep_output(run_of("a"), "s", "text").ok());
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    REQUIRE(::stat((ledger.file.string() + suffix).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
  struct stat folder {};
  REQUIRE(::stat(ledger.file.parent_path().c_str(), &folder) == 0);
  CHECK((folder.st_mode & 0777) == 0700);
}

TEST_CASE("evaluations: a new ledger knows nothing") {
  Ledger ledger;
  const auto database = ledger.open();
  CHECK(!database->output(run_of("a"))->has_value());
  CHECK(!database->score(judgement_of("text"))->has_value());
  CHECK(database->counts("s")->runs == 0);
}

TEST_CASE("evaluations: every byte of an answer and every digit of a score comes back") {
  Ledger ledger;
  const std::vector<std::string> outputs{"",
                                         "plain",
                                         std::string("a\0b", 3),
                                         "\xff\xfe",
                                         "ümläut '; DROP TABLE runs",
                                         std::string(3 << 20, 'z')};
  {
    const auto database = ledger.open();
    for (std::size_t i = 0; i < outputs.size(); ++i)
      REQUIRE(database->keep_output(run_of(std::to_string(i)), "s", outputs[i]).ok());
    for (const double score : {0.0, 0.1, 1.0 / 3, 1.0})
      REQUIRE(database->keep_score(judgement_of(std::to_string(score)), "s", score).ok());
  }
  const auto database = ledger.open();
  for (std::size_t i = 0; i < outputs.size(); ++i)
    CHECK(**database->output(run_of(std::to_string(i))) == outputs[i]);
  for (const double score : {0.0, 0.1, 1.0 / 3, 1.0})
    CHECK(**database->score(judgement_of(std::to_string(score))) == score);
  CHECK(!database->output(run_of("none"))->has_value());
}

TEST_CASE("evaluations: what was kept first stays, and counts once") {
  Ledger ledger;
  const auto database = ledger.open();
  for (const char* output : {"first", "second"})
    REQUIRE(database->keep_output(run_of("a"), output, output).ok());
  for (const double score : {0.25, 0.75})
    REQUIRE(database->keep_score(judgement_of("x"), "first", score).ok());
  CHECK(**database->output(run_of("a")) == "first");
  CHECK(**database->score(judgement_of("x")) == 0.25);
  CHECK(database->counts("first")->runs == 1);
  CHECK(database->counts("first")->judgements == 1);
  CHECK(database->counts("second")->runs == 0);
}

TEST_CASE("evaluations: two programs at one ledger see each other's rows") {
  Ledger ledger;
  const auto one = ledger.open(), other = ledger.open();
  REQUIRE(one->keep_output(run_of("a"), "s", "from one").ok());
  REQUIRE(other->keep_output(run_of("b"), "s", "from the other").ok());
  CHECK(**other->output(run_of("a")) == "from one");
  CHECK(**one->output(run_of("b")) == "from the other");
}

TEST_CASE("evaluations: many threads keep and find at once") {
  Ledger ledger;
  const auto database = ledger.open();
  std::atomic<int> faults{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread)
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 50; ++i) {
          const std::string name = std::to_string(thread) + "/" + std::to_string(i);
          if (!database->keep_output(run_of(name), "s", name)) ++faults;
          if (!database->keep_score(judgement_of(name), "s", 0.5)) ++faults;
          const auto found = database->output(run_of(name));
          if (!found || *found != name) ++faults;
        }
      });
  }
  CHECK(faults == 0);
  CHECK(database->counts("s")->runs == 400);
  CHECK(database->counts("s")->judgements == 400);
}

TEST_CASE("evaluation keys: every field counts, wherever the border between two lies") {
  std::set<std::string> seen;
  for (const RunKey& key :
       {RunKey{"f", "t", "q", "s", 0}, RunKey{"g", "t", "q", "s", 0}, RunKey{"f", "u", "q", "s", 0},
        RunKey{"f", "t", "r", "s", 0}, RunKey{"f", "t", "q", "z", 0}, RunKey{"f", "t", "q", "s", 1},
        RunKey{"ft", "", "q", "s", 0}, RunKey{"f", "tq", "", "s", 0}})
    CHECK(seen.insert(digest_of(key)).second);
  for (const JudgeKey& key :
       {JudgeKey{"q", "g", "o", "j"}, JudgeKey{"x", "g", "o", "j"}, JudgeKey{"q", "x", "o", "j"},
        JudgeKey{"q", "g", "x", "j"}, JudgeKey{"q", "g", "o", "x"}, JudgeKey{"qg", "", "o", "j"}})
    CHECK(seen.insert(digest_of(key)).second);
}

TEST_CASE("evaluation keys: whatever the student is told of a task counts, its gold does not") {
  Task task;
  task.id = "t";
  task.query = "q";
  const std::string key = digest_of(run_key("f", task, "s", 0));
  Task other = task;
  other.gold = "gold";
  other.weight = 7;
  CHECK(digest_of(run_key("f", other, "s", 0)) == key);
  for (std::string Task::*field : {&Task::id, &Task::query, &Task::query_class, &Task::agent}) {
    other = task;
    other.*field = "changed";
    CHECK(digest_of(run_key("f", other, "s", 0)) != key);
  }
}
