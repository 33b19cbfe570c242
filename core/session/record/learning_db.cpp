#include "core/session/record/learning_db.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Transaction.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/atomic_file.hpp"
#include "core/session/record/session_json.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;

namespace {

constexpr std::size_t kBusyTimeoutSeconds = 5;

constexpr const char* kSchema[] = {
    "CREATE TABLE IF NOT EXISTS learning_sessions (id TEXT PRIMARY KEY, parent_session_id TEXT, "
    "trigger TEXT NOT NULL, trigger_metadata TEXT NOT NULL DEFAULT '{}', status TEXT NOT NULL, "
    "autonomy_mode TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, diagnosis_path TEXT NOT "
    "NULL, "
    "plan_path TEXT NOT NULL, benchmark_before TEXT NOT NULL, benchmark_after TEXT, "
    "git_checkpoint_pre TEXT NOT NULL, git_checkpoint_post TEXT, teacher_cost_usd REAL NOT NULL "
    "DEFAULT 0.0, "
    "error TEXT, FOREIGN KEY (parent_session_id) REFERENCES learning_sessions(id))",
    "CREATE INDEX IF NOT EXISTS idx_sessions_started_at ON learning_sessions(started_at)",
    "CREATE INDEX IF NOT EXISTS idx_sessions_status ON learning_sessions(status)",
    "CREATE TABLE IF NOT EXISTS edit_outcomes (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id "
    "TEXT NOT NULL, "
    "edit_id TEXT NOT NULL, pillar TEXT NOT NULL, op TEXT NOT NULL, target TEXT NOT NULL, "
    "risk_tier TEXT NOT NULL, status TEXT NOT NULL, benchmark_delta REAL, "
    "cluster_deltas TEXT NOT NULL DEFAULT '{}', rationale TEXT NOT NULL DEFAULT '', error TEXT, "
    "applied_at TEXT, FOREIGN KEY (session_id) REFERENCES learning_sessions(id))",
    "CREATE INDEX IF NOT EXISTS idx_outcomes_session ON edit_outcomes(session_id)",
    "CREATE INDEX IF NOT EXISTS idx_outcomes_op ON edit_outcomes(op)",
};

using Text = Poco::Nullable<std::string>;
using Number = Poco::Nullable<double>;

Text text_or_null(const std::string& text) {
  return text.empty() ? Text() : Text(text);
}

/** Python 3.10 cannot parse a Z at the end of a time. */
std::string with_offset(std::string time) {
  if (!time.empty() && time.back() == 'Z') time.replace(time.size() - 1, 1, "+00:00");
  return time;
}

Result<void> make_private_file(const fs::path& path) {
  if (auto made = make_private_directory(path.parent_path()); !made) return made;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return Error{ErrorKind::io, "cannot write '" + path.string() + "'", ""};
  ::close(file);
  return {};
}

/** Opens the database, with its tables. Throws Poco::Exception. */
Poco::Data::Session open(const fs::path& file) {
  static const bool registered = [] {
    Poco::Data::SQLite::Connector::registerConnector();
    return true;
  }();
  (void)registered;
  Poco::Data::Session db(Poco::Data::SQLite::Connector::KEY, file.string(), kBusyTimeoutSeconds);
  db << "PRAGMA journal_mode=WAL", now;
  // Not enforced: a parent whose record was lost is no reason to leave its child out of an index.
  db << "PRAGMA foreign_keys=OFF", now;
  for (const char* statement : kSchema) db << statement, now;
  return db;
}

void put_session(Poco::Data::Session& db, const Session& session) {
  std::string id = session.id, trigger = session.trigger.kind,
              metadata = json::serialize(session.trigger.metadata),
              status(to_string(session.status)), autonomy(to_string(session.autonomy)),
              started = with_offset(session.started_at), diagnosis = session.diagnosis_path,
              plan = session.plan_path,
              before = session.before ? json::serialize(to_json(*session.before)) : "{}",
              pre = session.git_pre;
  Text parent = text_or_null(session.parent_session_id),
       ended = text_or_null(with_offset(session.ended_at)),
       after = session.after ? Text(json::serialize(to_json(*session.after))) : Text(),
       post = text_or_null(session.git_post), error = text_or_null(session.error);
  double cost = session.teacher_cost_usd;
  db << "INSERT INTO learning_sessions (id, parent_session_id, trigger, trigger_metadata, status, "
        "autonomy_mode, started_at, ended_at, diagnosis_path, plan_path, benchmark_before, "
        "benchmark_after, "
        "git_checkpoint_pre, git_checkpoint_post, teacher_cost_usd, error) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(id) DO UPDATE SET status=excluded.status, ended_at=excluded.ended_at, "
        "diagnosis_path=excluded.diagnosis_path, plan_path=excluded.plan_path, "
        "benchmark_before=excluded.benchmark_before, benchmark_after=excluded.benchmark_after, "
        "git_checkpoint_pre=excluded.git_checkpoint_pre, "
        "git_checkpoint_post=excluded.git_checkpoint_post, "
        "teacher_cost_usd=excluded.teacher_cost_usd, error=excluded.error",
      use(id), use(parent), use(trigger), use(metadata), use(status), use(autonomy), use(started),
      use(ended), use(diagnosis), use(plan), use(before), use(after), use(pre), use(post),
      use(cost), use(error), now;
}

void put_outcome(Poco::Data::Session& db, const std::string& session_id,
                 const EditOutcome& outcome) {
  json::object deltas;
  if (outcome.verdict)
    for (const auto& [name, delta] : outcome.verdict->cluster_deltas) deltas[name] = delta;
  std::string id = session_id, edit = outcome.edit.id, pillar = outcome.edit.pillar,
              op = outcome.edit.op, target = outcome.edit.target,
              tier(to_string(outcome.edit.tier)), status(to_string(outcome.status)),
              cluster_deltas = json::serialize(deltas), rationale = outcome.edit.rationale;
  Number delta;
  if (outcome.verdict && outcome.verdict->benchmark_delta)
    delta = *outcome.verdict->benchmark_delta;
  Text error = text_or_null(outcome.error), applied = text_or_null(with_offset(outcome.applied_at));
  db << "INSERT INTO edit_outcomes (session_id, edit_id, pillar, op, target, risk_tier, status, "
        "benchmark_delta, cluster_deltas, rationale, error, applied_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      use(id), use(edit), use(pillar), use(op), use(target), use(tier), use(status), use(delta),
      use(cluster_deltas), use(rationale), use(error), use(applied), now;
}

void put_all(Poco::Data::Session& db, const std::vector<Session>& sessions) {
  Poco::Data::Transaction transaction(db);
  for (const Session& session : sessions) {
    put_session(db, session);
    std::string id = session.id;
    db << "DELETE FROM edit_outcomes WHERE session_id = ?", use(id), now;
    for (const EditOutcome& outcome : session.outcomes) put_outcome(db, session.id, outcome);
  }
  transaction.commit();
}

}  // namespace

LearningDatabase::LearningDatabase(const fs::path& home)
    : file_(home / "learning" / "learning.db") {}

bool LearningDatabase::exists() const {
  std::error_code error;
  const auto size = fs::file_size(file_, error);
  return !error && size > 0;
}

Result<void> LearningDatabase::put(const std::vector<Session>& sessions) const try {
  if (auto made = make_private_file(file_); !made) return made;
  auto db = open(file_);
  put_all(db, sessions);
  return {};
} catch (const Poco::Exception& error) {
  return Error{ErrorKind::io, "'" + file_.string() + "': " + error.displayText(),
               "move it away: it is rebuilt from the session.json files"};
}

}  // namespace jarvis
