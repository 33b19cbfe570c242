#include "core/session/record/learning_db.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Transaction.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include "core/base/atomic_file.hpp"
#include "core/base/set_aside.hpp"
#include "core/session/record/session_json.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;

namespace {

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

/** Leaves what stands between it and its caller: the database cannot be used. */
struct Unusable {
  std::string reason;
};

Result<void> make_private_file(const fs::path& path) {
  if (auto made = make_private_directory(path.parent_path()); !made) return made;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (file < 0 && (errno == EISDIR || errno == ENXIO))
    return Error{ErrorKind::invalid, "'" + path.string() + "' is not a file", ""};
  if (file < 0)
    return Error{ErrorKind::io, "cannot write '" + path.string() + "': " + std::strerror(errno),
                 "check the rights on it and on its folder"};
  ::close(file);
  return {};
}

void set_up(Poco::Data::Session& db, std::chrono::milliseconds patience) {
  db << "PRAGMA busy_timeout=" + std::to_string(patience.count()), now;
  db << "PRAGMA journal_mode=WAL", now;
  // Not enforced: a parent whose record was lost is no reason to leave its child out of an index.
  db << "PRAGMA foreign_keys=OFF", now;
  for (const char* statement : kSchema) db << statement, now;
}

/** Another version's table may lack what this program writes, or want what it does not know. */
void check_shape(Poco::Data::Session& db, const std::string& table,
                 std::vector<std::string> written) {
  std::vector<std::string> names;
  std::vector<int> demanded;
  std::string name = table;
  db << "SELECT name, \"notnull\" AND dflt_value IS NULL AND NOT pk FROM pragma_table_info(?)",
      use(name), into(names), into(demanded), now;
  for (const std::string& column : written)
    if (std::find(names.begin(), names.end(), column) == names.end())
      throw Unusable{"table '" + table + "' lacks '" + column + "'"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (demanded[i] != 0 && std::find(written.begin(), written.end(), names[i]) == written.end())
      throw Unusable{"table '" + table + "' demands '" + names[i] + "'"};
}

void check(Poco::Data::Session& db) {
  std::vector<std::string> findings;
  db << "PRAGMA quick_check(1)", into(findings), now;
  if (findings.empty()) throw Unusable{"it cannot be checked"};
  // Before it stands a line that says which of its databases SQLite means.
  if (findings[0] != "ok") throw Unusable{findings[0].substr(findings[0].rfind('\n') + 1)};
  check_shape(db, "learning_sessions",
              {"id", "parent_session_id", "trigger", "trigger_metadata", "status", "autonomy_mode",
               "started_at", "ended_at", "diagnosis_path", "plan_path", "benchmark_before",
               "benchmark_after", "git_checkpoint_pre", "git_checkpoint_post", "teacher_cost_usd",
               "error"});
  check_shape(db, "edit_outcomes",
              {"session_id", "edit_id", "pillar", "op", "target", "risk_tier", "status",
               "benchmark_delta", "cluster_deltas", "rationale", "error", "applied_at"});
}

/** Whether the file itself is to blame, and not whoever else uses it, its rights or the disk. */
bool is_damage(const Poco::Exception& exception) {
  const std::string text = exception.displayText();
  const auto says = [&](const char* words) { return text.find(words) != std::string::npos; };
  return dynamic_cast<const Poco::Data::SQLite::CorruptImageException*>(&exception) != nullptr ||
         says("not a database") || says("malformed") || says("no such column") ||
         says("has no column named") || says("no such table") || says("constraint");
}

/** Calls `work` with the database, open and with its tables. */
template <class T, class Work>
Result<T> with_database(const fs::path& file, std::chrono::milliseconds patience, Work work) {
  static const bool registered = [] {
    Poco::Data::SQLite::Connector::registerConnector();
    return true;
  }();
  (void)registered;
  const std::string where = "'" + file.string() + "'";
  if (auto made = make_private_file(file); !made) return made.error();
  try {
    Poco::Data::Session db(Poco::Data::SQLite::Connector::KEY, file.string());
    set_up(db, patience);
    return work(db);
  } catch (const Unusable& unusable) {
    return Error{ErrorKind::invalid, where + ": " + unusable.reason, ""};
  } catch (const Poco::Exception& error) {
    return Error{is_damage(error) ? ErrorKind::invalid : ErrorKind::io,
                 where + ": " + error.displayText(), "it is brought up to date at the next start"};
  }
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

LearningDatabase::LearningDatabase(const fs::path& home, std::chrono::milliseconds patience)
    : file_(home / "learning" / "learning.db"), patience_(patience) {}

bool LearningDatabase::exists() const {
  std::error_code error;
  if (fs::is_directory(file_, error)) return true;
  const auto size = fs::file_size(file_, error);
  return !error && size > 0;
}

Result<std::vector<Session>> LearningDatabase::outdated(
    const std::vector<Session>& sessions) const {
  using Sessions = std::vector<Session>;
  return with_database<Sessions>(file_, patience_, [&](Poco::Data::Session& db) {
    check(db);
    std::vector<std::string> ids, statuses;
    db << "SELECT id, status FROM learning_sessions", into(ids), into(statuses), now;
    std::map<std::string, std::string> held;
    for (std::size_t i = 0; i < ids.size(); ++i) held[ids[i]] = statuses[i];
    Sessions missing;
    std::copy_if(sessions.begin(), sessions.end(), std::back_inserter(missing),
                 [&](const Session& session) {
                   const auto found = held.find(session.id);
                   return found == held.end() || found->second != to_string(session.status);
                 });
    return missing;
  });
}

Result<void> LearningDatabase::put(const std::vector<Session>& sessions) const {
  return with_database<void>(file_, patience_, [&](Poco::Data::Session& db) -> Result<void> {
    put_all(db, sessions);
    return {};
  });
}

Result<fs::path> LearningDatabase::rebuild(const std::vector<Session>& sessions) const {
  const auto aside = set_aside(file_);
  if (!aside) return aside.error();
  if (auto made = put(sessions); !made) return made.error();
  return *aside;
}

}  // namespace jarvis
