#include "core/home/evaluations/evaluation_connection.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <Poco/URI.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <vector>

#include "core/base/atomic_file.hpp"
#include "core/home/evaluations/evaluation_repair.hpp"
#include "core/home/traces/trace_connection.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;
using Poco::Data::Session;

namespace {

constexpr int kSchemaVersion = 2;
constexpr const char* kBeginAnew =
    "the next session sets it aside and begins a new one; or move it away, with its -wal and -shm";
constexpr const char* kMoveAway =
    "move it away, with its -wal and -shm files: a new one is made, and the calls are made again";

constexpr const char* kSchema[] = {
    "CREATE TABLE schema_version (version INTEGER NOT NULL)",
    "CREATE TABLE runs (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, task_id TEXT NOT NULL, "
    "student TEXT NOT NULL, attempt INTEGER NOT NULL, session_id TEXT NOT NULL, "
    "made_at REAL NOT NULL, output BLOB NOT NULL, model TEXT, tokens_used INTEGER, "
    "latency_seconds REAL)",
    "CREATE INDEX runs_session ON runs(session_id)",
    "CREATE TABLE judgements (key TEXT PRIMARY KEY, judge TEXT NOT NULL, session_id TEXT NOT NULL, "
    "made_at REAL NOT NULL, score REAL NOT NULL)",
    "CREATE INDEX judgements_session ON judgements(session_id)",
};

/** From version 1, whose runs have NULL in what is new. */
constexpr const char* kUpdate[] = {
    "ALTER TABLE runs ADD COLUMN model TEXT",
    "ALTER TABLE runs ADD COLUMN tokens_used INTEGER",
    "ALTER TABLE runs ADD COLUMN latency_seconds REAL",
    "UPDATE schema_version SET version = 2",
};

/** Made where it is missing: earlier programs made the table without it. */
constexpr const char* kIndexByTask =
    "CREATE INDEX IF NOT EXISTS runs_task ON runs(task_id, made_at)";

std::string uri_of(const fs::path& file) {
  std::string encoded;
  Poco::URI::encode(file.string(), "?#", encoded);
  return "file:" + encoded + "?mode=rw";
}

Result<void> make_private_file(const fs::path& path) {
  if (auto made = make_private_directory(path.parent_path()); !made) return made;
  // An existing file is not opened here: closing it would end SQLite's locks on it.
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  if (errno != EEXIST)
    return Error{ErrorKind::io, "cannot make '" + path.string() + "': " + std::strerror(errno),
                 "check that its folder is writable"};
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(path, error)))
    return Error{ErrorKind::invalid, "'" + path.string() + "' is not a file", "move it away"};
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  return {};
}

bool has_table(Session& session, const std::string& table) {
  int count = 0;
  session << "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", bind(table),
      into(count), now;
  return count > 0;
}

bool is_empty(Session& session) {
  int count = 0;
  session << "SELECT count(*) FROM sqlite_master", into(count), now;
  return count == 0;
}

/** Two programs may start at once: the second one finds the tables of the first. */
void make_schema(Session& session) {
  in_transaction(session, [&] {
    if (!is_empty(session)) return;
    for (const char* statement : kSchema) session << statement, now;
    session << "INSERT INTO schema_version VALUES (?)", bind(kSchemaVersion), now;
  });
}

std::vector<int> versions_of(Session& session) {
  std::vector<int> versions;
  session << "SELECT version FROM schema_version", into(versions), now;
  return versions;
}

/** Two programs may start at once: the second one finds it done. */
void update_schema(Session& session) {
  const auto is_old = [&] {
    return has_table(session, "schema_version") && versions_of(session) == std::vector<int>{1};
  };
  if (!is_old()) return;
  in_transaction(session, [&] {
    if (!is_old()) return;
    for (const char* statement : kUpdate) session << statement, now;
  });
}

Result<void> check_schema(Session& session, const fs::path& file) {
  for (const char* table : {"schema_version", "runs", "judgements"})
    if (!has_table(session, table))
      return Error{
          ErrorKind::invalid,
          "'" + file.string() + "' is no ledger of evaluations: it has no table '" + table + "'",
          kMoveAway};
  const std::vector<int> versions = versions_of(session);
  if (versions.size() == 1 && versions.front() == kSchemaVersion) return {};
  const std::string found = versions.empty() ? "none" : std::to_string(versions.back());
  return Error{ErrorKind::invalid,
               "'" + file.string() + "' has schema version " + found + "; this program knows " +
                   std::to_string(kSchemaVersion),
               std::string("update the program, or ") + kMoveAway};
}

}  // namespace

Error evaluations_error(const Poco::Exception& exception, const fs::path& file) {
  Error error = database_error(exception, file);
  if (error.kind != ErrorKind::invalid) return error;
  suspect_evaluations(file);
  error.hint = kBeginAnew;
  return error;
}

Result<std::shared_ptr<Session>> open_evaluations(const fs::path& file,
                                                  std::chrono::milliseconds patience) {
  static std::once_flag registered;
  std::call_once(registered, [] { Poco::Data::SQLite::Connector::registerConnector(); });
  if (auto made = make_private_file(file); !made) return made.error();
  try {
    auto session = std::make_shared<Session>(Poco::Data::SQLite::Connector::KEY, uri_of(file));
    *session << "PRAGMA busy_timeout=" + std::to_string(patience.count()), now;
    *session << "PRAGMA trusted_schema=OFF", now;
    if (is_empty(*session)) {
      *session << "PRAGMA journal_mode=WAL", now;
      make_schema(*session);
    }
    update_schema(*session);
    if (auto checked = check_schema(*session, file); !checked) return checked.error();
    *session << "PRAGMA journal_mode=WAL", now;
    *session << kIndexByTask, now;
    return session;
  } catch (const Poco::Exception& exception) {
    return evaluations_error(exception, file);
  }
}

}  // namespace jarvis
