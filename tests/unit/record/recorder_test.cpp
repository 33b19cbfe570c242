#include "core/session/record/recorder.hpp"

#include <Poco/Data/RecordSet.h>
#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;
using namespace Poco::Data::Keywords;
namespace fs = std::filesystem;

namespace {

Poco::Data::Session database(const TemporaryDirectory& home) {
  Poco::Data::SQLite::Connector::registerConnector();
  return {Poco::Data::SQLite::Connector::KEY, (home.path() / "learning/learning.db").string()};
}

/** The rows of a query, each with its values joined by '|'; NULL is "-". */
std::vector<std::string> rows(const TemporaryDirectory& home, const std::string& sql) {
  auto db = database(home);
  Poco::Data::Statement statement(db);
  statement << sql, now;
  const Poco::Data::RecordSet set(statement);
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < set.rowCount(); ++row) {
    std::string line;
    for (std::size_t column = 0; column < set.columnCount(); ++column) {
      const auto value = set.value(column, row);
      line += (column ? "|" : "") + (value.isEmpty() ? "-" : value.convert<std::string>());
    }
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

/** What was set aside in a folder of the home, without what belongs to a database beside it. */
std::vector<fs::path> set_aside_in(const TemporaryDirectory& home, const std::string& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(home.path() / folder)) {
    const std::string name = entry.path().filename().string();
    const bool is_part = name.ends_with("-wal") || name.ends_with("-shm");
    if (name.find(".broken-") != std::string::npos && !is_part) found.push_back(entry.path());
  }
  return found;
}

constexpr char kStatuses[] = "SELECT edit_id, status FROM edit_outcomes ORDER BY id";

}  // namespace

TEST_CASE("fault: SQLite locked for longer than its patience: one notice, never an error") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path(), std::chrono::milliseconds(20));
  Session session = full_session();
  session.notices.clear();
  REQUIRE(recorder.record(session));
  auto holder = database(home);
  holder << "BEGIN IMMEDIATE", now;
  session.status = SessionStatus::rolled_back;
  REQUIRE(recorder.record(session));
  REQUIRE(recorder.record(session));
  REQUIRE(session.notices.size() == 1);
  CHECK(session.notices[0].find("not indexed: ") == 0);
  CHECK(session.notices[0].find("learning.db") != std::string::npos);
  CHECK(recorder.sessions().find(session.id)->notices == session.notices);
  holder << "ROLLBACK", now;
  const auto mended = recorder.settle({session});
  REQUIRE(mended);
  CHECK(*mended == Lines{"brought the index up to date"});
  CHECK(rows(home, "SELECT status FROM learning_sessions") == Lines{"rolled_back"});
}

TEST_CASE("fault: learning.db of another version: it is set aside whole, and a new one is made") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path());
  Session session = full_session();
  session.notices.clear();
  std::string foreign;
  SUBCASE("an older database schema: columns are missing") {
    foreign = "CREATE TABLE learning_sessions (id TEXT PRIMARY KEY, status TEXT)";
  }
  SUBCASE("a newer database schema: columns are demanded that nobody knows here") {
    REQUIRE(recorder.record(session));
    database(home) << "DROP TABLE edit_outcomes", now;
    foreign =
        "CREATE TABLE edit_outcomes (id INTEGER PRIMARY KEY, session_id TEXT, edit_id TEXT, pillar "
        "TEXT, op TEXT, target TEXT, risk_tier TEXT, status TEXT, benchmark_delta REAL, "
        "cluster_deltas TEXT, rationale TEXT, error TEXT, applied_at TEXT, signature TEXT NOT "
        "NULL)";
  }
  fs::create_directories(home.path() / "learning");
  database(home) << foreign, now;
  REQUIRE(recorder.record(session));
  REQUIRE(session.notices.size() == 1);
  CHECK(session.notices[0].find("learning.db could not be used (") == 0);
  CHECK(set_aside_in(home, "learning").size() == 1);
  CHECK(rows(home, "SELECT id FROM learning_sessions") == Lines{session.id});
  CHECK(recorder.settle({session})->empty());
}

TEST_CASE("fault: learning.db corrupted: it is set aside, rebuilt from the sessions, said once") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path());
  std::vector<Session> sessions;
  for (int i = 0; i < 40; ++i) {
    sessions.push_back(
        full_session("session-20260601T0300" + std::to_string(10 + i) + "_00000001"));
    REQUIRE(recorder.record(sessions.back()));
  }
  database(home) << "PRAGMA wal_checkpoint(TRUNCATE)", now;
  const fs::path file = home.path() / "learning/learning.db";
  const std::string sound = home.read("learning/learning.db");
  REQUIRE(sound.size() > 20 * 4096);
  std::string text = sound;
  SUBCASE("fault: learning.db with flipped bits") {
    for (std::size_t page = 1; page < text.size() / 4096; ++page)
      text[page * 4096] = static_cast<char>(text[page * 4096] ^ 0x55);
  }
  SUBCASE("fault: learning.db with flipped bits in its header") {
    text[3] = static_cast<char>(text[3] ^ 0x10);
  }
  SUBCASE("fault: learning.db truncated") {
    text.resize(text.size() / 2 + 100);
  }
  SUBCASE("fault: learning.db with zero pages") {
    std::fill(text.begin() + 4096, text.begin() + 6 * 4096, '\0');
  }
  SUBCASE("fault: learning.db of 100 MB of junk") {
    text.assign(std::size_t{100} << 20, 'j');
  }
  SUBCASE("fault: learning.db is a directory") {
    text.clear();
  }
  if (text.empty()) {
    fs::remove(file);
    home.write("learning/learning.db/inside", "x");
  } else {
    home.write("learning/learning.db", text);
  }
  const auto mended = recorder.settle(sessions);
  REQUIRE(mended);
  REQUIRE(mended->size() == 1);
  CHECK(mended->front().find("learning.db could not be used (") == 0);
  const auto aside = set_aside_in(home, "learning");
  REQUIRE(aside.size() == 1);
  CHECK(mended->front().find("it is kept as '" + aside[0].filename().string() + "'") !=
        std::string::npos);
  if (!text.empty()) CHECK(home.read("learning/" + aside[0].filename().string()) == text);
  CHECK(rows(home, "SELECT count(*) FROM learning_sessions") == Lines{"40"});
  CHECK(rows(home, "SELECT count(*) FROM edit_outcomes") == Lines{"200"});
  CHECK(recorder.settle(sessions)->empty());
}

TEST_CASE("fault: learning.db with a missing WAL, or somebody else's: nothing is lost") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path());
  Session first = full_session("session-20260601T030000_00000001");
  Session second = full_session("session-20260602T030000_00000002");
  REQUIRE(recorder.record(first));
  const std::string before = home.read("learning/learning.db");
  REQUIRE(recorder.record(second));
  home.write("learning/learning.db", before);
  SUBCASE("a missing WAL") {
    fs::remove(home.path() / "learning/learning.db-wal");
  }
  SUBCASE("a WAL that is no WAL") {
    home.write("learning/learning.db-wal", std::string(9000, 'w'));
  }
  SUBCASE("the WAL of another database") {
    const TemporaryDirectory other;
    const Recorder stranger(other.path());
    Session third = full_session("session-20260603T030000_00000003");
    REQUIRE(stranger.record(third));
    auto db = database(other);
    db << "PRAGMA wal_autocheckpoint=0", now;
    db << "CREATE TABLE notes (text TEXT)", now;
    db << "INSERT INTO notes VALUES (hex(randomblob(20000)))", now;
    home.write("learning/learning.db-wal", other.read("learning/learning.db-wal"));
  }
  const auto mended = recorder.settle({second, first});
  REQUIRE(mended);
  CHECK(mended->size() == 1);
  CHECK(rows(home, "SELECT id FROM learning_sessions ORDER BY id") == Lines{first.id, second.id});
  CHECK(recorder.settle({second, first})->empty());
}

TEST_CASE("fault: a queue file corrupted, empty, a directory, 100 MB or a link: queued anew") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path());
  Session session = full_session();
  REQUIRE(recorder.record(session));
  std::vector<std::string> broken;
  const QueuedEdit queued = recorder.queue().list(broken).at(0);
  const std::string name =
      "learning/pending_review/" + session.id + "__" + queued.edit.id + ".json";
  const fs::path file = home.path() / name;
  const std::string sound = home.read(name);
  SUBCASE("fault: a queue file corrupted") {
    home.write(name, sound.substr(0, sound.size() / 2));
  }
  SUBCASE("fault: a queue file empty") {
    home.write(name, "");
  }
  SUBCASE("fault: a queue file that is a directory") {
    fs::remove(file);
    home.write(name + "/inside", "x");
  }
  SUBCASE("fault: a queue file of 100 MB") {
    fs::resize_file(file, std::uintmax_t{100} << 20);
  }
  SUBCASE("fault: a queue file that is a symlink") {
    home.write("elsewhere.json", sound);
    fs::remove(file);
    fs::create_symlink(home.path() / "elsewhere.json", file);
  }
  SUBCASE("fault: a queue file that is a fifo") {
    fs::remove(file);
    REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  }
  SUBCASE("fault: a queue file that holds another edit") {
    std::string other = sound;
    const std::size_t at = other.find(queued.edit.id);
    other.replace(at, queued.edit.id.size(), "edit-0a1b2c3d-1");
    home.write(name, other);
  }
  CHECK(recorder.queue().list(broken).empty());
  REQUIRE(broken.size() == 1);
  CHECK(broken[0].find(name) != std::string::npos);
  const auto mended = recorder.settle({session});
  REQUIRE(mended);
  CHECK(mended->size() == 2);
  CHECK(mended->front().find("it is kept as '") != std::string::npos);
  CHECK(set_aside_in(home, "learning/pending_review").size() == 1);
  broken.clear();
  CHECK(recorder.queue().list(broken).size() == 1);
  CHECK(broken.empty());
  CHECK(home.read(name) == sound);
}

TEST_CASE(
    "recorder: a session that cannot be written is an error, and nothing is queued or indexed") {
  const TemporaryDirectory home;
  home.write("learning/sessions", "a file in the way");
  Session session = full_session();
  CHECK_FALSE(Recorder(home.path()).record(session));
  CHECK_FALSE(fs::exists(home.path() / "learning/pending_review"));
  CHECK_FALSE(fs::exists(home.path() / "learning/learning.db"));
}

TEST_CASE("recorder: the index has OpenJarvis' tables, with times that Python can parse") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path());
  Session session = full_session();
  REQUIRE(recorder.record(session));
  CHECK(session.notices == Lines{"a notice"});
  CHECK(
      rows(home,
           "SELECT id, parent_session_id, trigger, trigger_metadata, status, autonomy_mode, "
           "started_at, "
           "ended_at, plan_path, git_checkpoint_pre, git_checkpoint_post, teacher_cost_usd, error "
           "FROM learning_sessions") ==
      Lines{session.id +
            "|session-20260501T030000_00000000|user_flag|{\"trace_id\":\"t1\"}|awaiting_review|"
            "manual|2026-06-01T03:00:00+00:00|2026-06-01T03:05:00+00:00|" +
            session.plan_path + "|aaa|bbb|0.125|Working tree dirty"});
  CHECK(rows(home,
             "SELECT json_extract(benchmark_before, '$.overall_score'), "
             "json_extract(benchmark_after, '$.task_count') FROM learning_sessions") ==
        Lines{"0.5|11"});
  CHECK(rows(home, "SELECT name FROM sqlite_master WHERE name LIKE 'idx_%' ORDER BY name") ==
        Lines{"idx_outcomes_op", "idx_outcomes_session", "idx_sessions_started_at",
              "idx_sessions_status"});
  CHECK(rows(home, "PRAGMA integrity_check") == Lines{"ok"});
  CHECK(rows(home, "PRAGMA journal_mode") == Lines{"wal"});
  struct stat facts {};
  REQUIRE(::stat((home.path() / "learning/learning.db").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
}

TEST_CASE("recorder: every outcome is a row") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path());
  Session session = full_session();
  REQUIRE(recorder.record(session));
  CHECK(rows(home,
             "SELECT edit_id, pillar, op, risk_tier, status, benchmark_delta, error, applied_at "
             "FROM edit_outcomes ORDER BY id") ==
        Lines{"edit-0a1b2c3d-1|agent|set_agent_param|auto|applied|0.25|-|2026-06-01T03:04:00+00:00",
              "edit-0a1b2c3d-2|agent|set_agent_param|review|pending_review|-|review: waits for "
              "approve|-",
              "edit-0a1b2c3d-3|agent|set_agent_param|auto|rejected_by_gate|-|-|-",
              "edit-0a1b2c3d-4|agent|set_agent_param|auto|rejected_by_user|-|-|-",
              "edit-0a1b2c3d-5|agent|set_agent_param|auto|skipped|-|unknown op|-"});
  CHECK(rows(home,
             "SELECT json_extract(cluster_deltas, '$.math'), rationale, target FROM edit_outcomes "
             "WHERE status = 'applied'") == Lines{"0.25|because|agents.simple.skill"});
}

TEST_CASE("recorder: a fresh session has no NULL where OpenJarvis allows none") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path());
  Session session;
  session.id = "session-1";
  session.started_at = "2026-06-01T03:00:00Z";
  REQUIRE(recorder.record(session));
  CHECK(session.notices.empty());
  CHECK(rows(home,
             "SELECT diagnosis_path, plan_path, benchmark_before, git_checkpoint_pre, ended_at, "
             "benchmark_after, error FROM learning_sessions") == Lines{"||{}||-|-|-"});
}

TEST_CASE("recorder: recording again replaces a session's rows") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path());
  Session session = full_session();
  REQUIRE(recorder.record(session));
  session.outcomes.resize(2);
  session.outcomes[0].status = EditStatus::rolled_back;
  session.status = SessionStatus::rolled_back;
  REQUIRE(recorder.record(session));
  CHECK(rows(home, "SELECT status FROM learning_sessions") == Lines{"rolled_back"});
  CHECK(rows(home, kStatuses) ==
        Lines{"edit-0a1b2c3d-1|rolled_back", "edit-0a1b2c3d-2|pending_review"});
}

TEST_CASE("recorder: a lost index is rebuilt from the session files, readable ones at least") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path());
  Session first = full_session("session-20260601T030000_00000001");
  Session second = full_session("session-20260602T030000_00000002");
  first.parent_session_id = second.id;
  REQUIRE(recorder.record(first));
  REQUIRE(recorder.record(second));
  home.write("learning/sessions/broken/session.json", "{");
  for (const char* file : {"learning.db", "learning.db-wal", "learning.db-shm"})
    fs::remove(home.path() / "learning" / file);
  SUBCASE("when it is missing") {}
  SUBCASE("when it is empty") {
    home.write("learning/learning.db", "");
  }
  Session third = full_session("session-20260603T030000_00000003");
  REQUIRE(recorder.record(third));
  CHECK(third.notices == Lines{"a notice"});
  CHECK(rows(home, "SELECT id FROM learning_sessions ORDER BY id") ==
        Lines{first.id, second.id, third.id});
  CHECK(rows(home, "SELECT count(*) FROM edit_outcomes") == Lines{"15"});
}

TEST_CASE("recorder: the queue holds the pending edits, and only while they are pending") {
  const TemporaryDirectory home;
  const Recorder recorder(home.path());
  Session session = full_session();
  REQUIRE(recorder.record(session));
  std::vector<std::string> broken;
  auto queue = recorder.queue().list(broken);
  REQUIRE(queue.size() == 1);
  CHECK(queue[0].edit.id == "edit-0a1b2c3d-2");
  CHECK(queue[0].session_id == session.id);
  CHECK(queue[0].reason == "review: waits for approve");
  CHECK(queue[0].diff == "--- a\n+++ b\n");
  session.outcomes[1].status = EditStatus::skipped;
  REQUIRE(recorder.record(session));
  CHECK(recorder.queue().list(broken).empty());
}
