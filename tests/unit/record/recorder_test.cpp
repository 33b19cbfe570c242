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

constexpr char kStatuses[] = "SELECT edit_id, status FROM edit_outcomes ORDER BY id";

}  // namespace

TEST_CASE("recorder: a fault of the index is one notice, never an error") {
  const TemporaryDirectory home;
  home.write("learning/learning.db",
             "this is no database, but long enough to be taken for a header of one");
  const Recorder recorder(home.path());
  Session session = full_session();
  session.notices.clear();
  REQUIRE(recorder.record(session));
  REQUIRE(recorder.record(session));
  REQUIRE(session.notices.size() == 1);
  CHECK(session.notices[0].find("not indexed: ") == 0);
  CHECK(session.notices[0].find("learning.db") != std::string::npos);
  CHECK(recorder.sessions().find(session.id)->notices == session.notices);
  CHECK(home.read("learning/learning.db").find("this is no database") == 0);
}

TEST_CASE("recorder: tables of another shape are left as they are") {
  const TemporaryDirectory home;
  fs::create_directory(home.path() / "learning");
  {
    auto db = database(home);
    db << "CREATE TABLE learning_sessions (id TEXT, secret TEXT)", now;
    db << "INSERT INTO learning_sessions VALUES ('mine', 'kept')", now;
  }
  const Recorder recorder(home.path());
  Session session = full_session();
  session.notices.clear();
  REQUIRE(recorder.record(session));
  CHECK(session.notices.size() == 1);
  CHECK(rows(home, "SELECT id, secret FROM learning_sessions") == Lines{"mine|kept"});
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
