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

KeptAnswer answer_of(const std::string& output) {
  return {output, "model", 7, 0.5};
}

std::string output_in(EvaluationDatabase& database, const RunKey& key) {
  const auto found = database.answer(key);
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  return (*found)->output;
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

TEST_CASE("fault: a newer database schema of evaluations.db: refused, and left as it is") {
  Ledger ledger;
  ledger.open();
  ledger.run_sql("UPDATE schema_version SET version = 3");
  const Error error = ledger.refusal();
  CHECK(error.kind == ErrorKind::invalid);
  CHECK(says(error.message, "has schema version 3; this program knows 2"));
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

TEST_CASE("fault: evaluations.db corrupted while it is used: an error, never a missing row") {
  Ledger ledger;
  {
    const auto database = ledger.open();
    for (int i = 0; i < 300; ++i)
      REQUIRE(database
                  ->keep_answer(run_of("task-" + std::to_string(i)), "s",
                                answer_of(std::string(900, 'y')))
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
    const auto output = (*database)->answer(run_of("task-" + std::to_string(i)));
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
  const auto kept = database->keep_answer(run_of("a"), "s", answer_of("text"));
  REQUIRE(!kept.ok());
  CHECK(says(kept.error().message, "no such table: runs"));
  CHECK(database->keep_score(judgement_of("text"), "s", 1).ok());
}

TEST_CASE("evaluations: nobody else may read the file") {
  Ledger ledger;
  const auto database = ledger.open();
  REQUIRE(database->keep_answer(run_of("a"), "s", answer_of("text")).ok());
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
  CHECK(!database->answer(run_of("a"))->has_value());
  CHECK(!database->score(judgement_of("text"))->has_value());
  CHECK(database->counts("s")->runs == 0);
}

TEST_CASE("fault: an older database schema of evaluations.db: brought up to date, its rows kept") {
  Ledger ledger;
  fs::create_directories(ledger.file.parent_path());
  const RunKey old = run_of("a");
  for (const std::string& sql :
       {std::string("CREATE TABLE schema_version (version INTEGER NOT NULL)"),
        std::string("INSERT INTO schema_version VALUES (1)"),
        std::string("CREATE TABLE runs (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, "
                    "task_id TEXT NOT NULL, student TEXT NOT NULL, attempt INTEGER NOT NULL, "
                    "session_id TEXT NOT NULL, made_at REAL NOT NULL, output BLOB NOT NULL)"),
        std::string("CREATE TABLE judgements (key TEXT PRIMARY KEY, judge TEXT NOT NULL, "
                    "session_id TEXT NOT NULL, made_at REAL NOT NULL, score REAL NOT NULL)"),
        "INSERT INTO runs VALUES ('" + digest_of(old) + "', 'f', 'a', 's', 0, 'old', 1, x'6f6c64')",
        "INSERT INTO judgements VALUES ('" + digest_of(judgement_of("old")) +
            "', 'judge', 'old', 1, 0.25)"})
    ledger.run_sql(sql);
  for (int time = 0; time < 2; ++time) {
    CAPTURE(time);
    const auto database = ledger.open();
    const auto found = database->answer(old);
    REQUIRE(found.ok());
    REQUIRE(found->has_value());
    CHECK((*found)->output == "old");
    CHECK((*found)->model == "");
    CHECK(!(*found)->tokens_used);
    CHECK(!(*found)->latency_seconds);
    CHECK(**database->score(judgement_of("old")) == 0.25);
    CHECK(database->counts("old")->runs == 1);
    REQUIRE(database->keep_answer(run_of("b"), "s", answer_of("new")).ok());
    CHECK(output_in(*database, run_of("b")) == "new");
  }
}

TEST_CASE("evaluations: programs that start at once bring a file up to date once") {
  Ledger ledger;
  ledger.open();
  for (const char* column : {"model", "tokens_used", "latency_seconds"})
    ledger.run_sql(std::string("ALTER TABLE runs DROP COLUMN ") + column);
  ledger.run_sql("UPDATE schema_version SET version = 1");
  std::atomic<int> faults{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        if (!EvaluationDatabase::open(ledger.file, ledger.clock)) ++faults;
      });
  }
  CHECK(faults == 0);
  CHECK(ledger.open()->keep_answer(run_of("a"), "s", answer_of("text")).ok());
}

TEST_CASE("evaluations: model, tokens and time of an answer come back with it") {
  Ledger ledger;
  const auto database = ledger.open();
  REQUIRE(database->keep_answer(run_of("a"), "s", {"text", "large", 1LL << 40, 2.25}).ok());
  REQUIRE(database->keep_answer(run_of("b"), "s", {"", "", std::nullopt, std::nullopt}).ok());
  for (int time = 0; time < 2; ++time) {
    const auto full = database->answer(run_of("a")), bare = database->answer(run_of("b"));
    REQUIRE((full.ok() && bare.ok()));
    CHECK((*full)->model == "large");
    CHECK((*full)->tokens_used == 1LL << 40);
    CHECK((*full)->latency_seconds == 2.25);
    CHECK((*bare)->output == "");
    CHECK(!(*bare)->tokens_used);
    CHECK(!(*bare)->latency_seconds);
  }
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
      REQUIRE(database->keep_answer(run_of(std::to_string(i)), "s", answer_of(outputs[i])).ok());
    for (const double score : {0.0, 0.1, 1.0 / 3, 1.0})
      REQUIRE(database->keep_score(judgement_of(std::to_string(score)), "s", score).ok());
  }
  const auto database = ledger.open();
  for (std::size_t i = 0; i < outputs.size(); ++i)
    CHECK(output_in(*database, run_of(std::to_string(i))) == outputs[i]);
  for (const double score : {0.0, 0.1, 1.0 / 3, 1.0})
    CHECK(**database->score(judgement_of(std::to_string(score))) == score);
  CHECK(!database->answer(run_of("none"))->has_value());
}

TEST_CASE("evaluations: what was kept first stays, and counts once") {
  Ledger ledger;
  const auto database = ledger.open();
  for (const char* output : {"first", "second"})
    REQUIRE(database->keep_answer(run_of("a"), output, answer_of(output)).ok());
  for (const double score : {0.25, 0.75})
    REQUIRE(database->keep_score(judgement_of("x"), "first", score).ok());
  CHECK(output_in(*database, run_of("a")) == "first");
  CHECK(**database->score(judgement_of("x")) == 0.25);
  CHECK(database->counts("first")->runs == 1);
  CHECK(database->counts("first")->judgements == 1);
  CHECK(database->counts("second")->runs == 0);
}

TEST_CASE("evaluations: two programs at one ledger see each other's rows") {
  Ledger ledger;
  const auto one = ledger.open(), other = ledger.open();
  REQUIRE(one->keep_answer(run_of("a"), "s", answer_of("from one")).ok());
  REQUIRE(other->keep_answer(run_of("b"), "s", answer_of("from the other")).ok());
  CHECK(output_in(*other, run_of("a")) == "from one");
  CHECK(output_in(*one, run_of("b")) == "from the other");
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
          if (!database->keep_answer(run_of(name), "s", answer_of(name))) ++faults;
          if (!database->keep_score(judgement_of(name), "s", 0.5)) ++faults;
          const auto found = database->answer(run_of(name));
          if (!found || !*found || (*found)->output != name) ++faults;
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
        JudgeKey{"q", "g", "x", "j"}, JudgeKey{"q", "g", "o", "x"}, JudgeKey{"qg", "", "o", "j"},
        JudgeKey{"q", "g", "o", "j", 1}, JudgeKey{"q", "g", "o", "j", 2}})
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

TEST_CASE("evaluation keys: a judgement that is kept already is found by its old key") {
  CHECK(digest_of(JudgeKey{"query", "gold", "output", "judge"}) ==
        "040016db5d1ee8b1105a66de37f146e21f7cc9d10dd48c88569a57559e3991ad");
}

TEST_CASE("evaluations: the newest outputs of a task, whoever gave them") {
  Ledger ledger;
  const auto database = ledger.open();
  CHECK(database->newest_outputs("t", 5)->empty());
  for (int i = 0; i < 4; ++i) {
    ledger.clock.time += 1;
    const KeptAnswer answer{i == 1 ? std::string() : "output " + std::to_string(i), "", {}, {}};
    REQUIRE(database->keep_answer({"home " + std::to_string(i), "t", "", "", 0}, "s", answer));
    REQUIRE(database->keep_answer(run_of("other", i), "s", {"another", "", {}, {}}));
  }
  using Outputs = std::vector<std::string>;
  CHECK(*database->newest_outputs("t", 9) == Outputs{"output 3", "output 2", "", "output 0"});
  CHECK(*database->newest_outputs("t", 2) == Outputs{"output 3", "output 2"});
  CHECK(database->newest_outputs("t", 0)->empty());
  CHECK(database->newest_outputs("t", -1)->empty());
  ledger.run_sql("DROP TABLE runs");
  CHECK(!database->newest_outputs("t", 2));
}
