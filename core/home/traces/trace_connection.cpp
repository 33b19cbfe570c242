#include "core/home/traces/trace_connection.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/Session.h>
#include <Poco/URI.h>
#include <fcntl.h>
#include <unistd.h>

#include <mutex>
#include <vector>

#include "core/home/traces/trace_schema.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;

namespace {

constexpr std::size_t kBusyTimeoutSeconds = 5;

/** SQLite makes a file beside a database to read it while others write. Where it may make none, and
 * nothing waits beside the database, the database is all there is. */
bool is_alone_in_a_read_only_folder(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (::access(folder.c_str(), W_OK) == 0) return false;
  std::error_code error;
  const auto waiting = fs::file_size(path.string() + "-wal", error);
  return error || waiting == 0;
}

std::string uri_of(const fs::path& path, TraceAccess access) {
  std::string encoded;
  Poco::URI::encode(path.string(), "?#", encoded);
  if (access != TraceAccess::read_only) return "file:" + encoded + "?mode=rw";
  return "file:" + encoded +
         (is_alone_in_a_read_only_folder(path) ? "?mode=ro&immutable=1" : "?mode=ro");
}

Result<void> make_empty_file(const fs::path& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0)
    return Error{ErrorKind::io, "cannot make '" + path.string() + "'",
                 "check that it does not exist yet and that its folder is writable"};
  ::close(file);
  return {};
}

Result<void> check_columns(const std::set<std::string>& columns, const std::string& table,
                           const auto& wanted, const fs::path& path) {
  if (columns.empty())
    return Error{ErrorKind::invalid, "'" + path.string() + "' has no table '" + table + "'",
                 "it is not the trace store of an assistant; move it away and a new one is made"};
  if (columns.contains("steps_json") || columns.contains("metadata_json"))
    return Error{
        ErrorKind::invalid,
        "'" + path.string() + "' has the table layout of OpenJarvis' Rust port (steps_json)",
        "only the layout that the Python program writes is read; export and import the traces"};
  std::string missing;
  for (const std::string_view name : wanted)
    if (!columns.contains(std::string(name)))
      missing += (missing.empty() ? "" : ", ") + std::string(name);
  if (missing.empty()) return {};
  return Error{ErrorKind::invalid,
               "table '" + table + "' in '" + path.string() + "' lacks: " + missing,
               "it was made by another program or version; move it away and a new one is made"};
}

}  // namespace

Error database_error(const Poco::Exception& exception, const fs::path& path) {
  const std::string where = "'" + path.string() + "'";
  const std::string text = exception.displayText();
  if (dynamic_cast<const Poco::Data::SQLite::DBLockedException*>(&exception))
    return {ErrorKind::retryable, where + " is locked by another program: " + text,
            "wait until it has finished, then try again"};
  if (dynamic_cast<const Poco::Data::SQLite::CorruptImageException*>(&exception) ||
      text.find("not a database") != std::string::npos ||
      text.find("malformed") != std::string::npos)
    return damaged_traces(path, text);
  return {ErrorKind::io, "cannot use " + where + ": " + text,
          "check that the file and its folder are readable and writable"};
}

Error damaged_traces(const fs::path& path, const std::string& finding) {
  return {
      ErrorKind::invalid, "'" + path.string() + "' is damaged or not a database: " + finding,
      "it is left as it is; restore it from a backup, or save what can be read with: sqlite3 '" +
          path.string() + "' .recover | sqlite3 new.db"};
}

Result<void> make_missing_trace_file(const fs::path& path) {
  std::error_code unknown;
  if (fs::exists(path, unknown)) return {};
  auto made = make_empty_file(path);
  if (!made && fs::exists(path, unknown)) return {};
  return made;
}

Result<std::shared_ptr<Poco::Data::Session>> open_traces(const fs::path& path, TraceAccess access) {
  static std::once_flag registered;
  std::call_once(registered, [] { Poco::Data::SQLite::Connector::registerConnector(); });
  if (access == TraceAccess::create)
    if (auto made = make_empty_file(path); !made) return made.error();
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    return Error{ErrorKind::not_found, "there is no '" + path.string() + "'",
                 "use the assistant, or import traces"};
  if (!fs::is_regular_file(path, ignored))
    return Error{ErrorKind::invalid, "'" + path.string() + "' is not a file", "move it away"};
  try {
    auto session = std::make_shared<Poco::Data::Session>("SQLite", uri_of(path, access));
    *session << "PRAGMA busy_timeout=" + std::to_string(kBusyTimeoutSeconds * 1000), now;
    if (access == TraceAccess::read_only) {
      *session << "PRAGMA trusted_schema=OFF", now;
      *session << "PRAGMA query_only=ON", now;
    }
    return session;
  } catch (const Poco::Exception& exception) {
    return database_error(exception, path);
  }
}

std::set<std::string> columns_of(Poco::Data::Session& session, const std::string& table) {
  std::vector<std::string> names;
  std::string name = table;
  session << "SELECT name FROM pragma_table_info(?)", use(name), into(names), now;
  return {names.begin(), names.end()};
}

bool is_without_tables(Poco::Data::Session& session) {
  int count = 0;
  session << "SELECT count(*) FROM sqlite_master", into(count), now;
  return count == 0;
}

bool has_table_or_index(Poco::Data::Session& session, const std::string& name) {
  int count = 0;
  session << "SELECT count(*) FROM sqlite_master WHERE name = ?", bind(name), into(count), now;
  return count > 0;
}

Result<void> check_trace_tables(Poco::Data::Session& session, const fs::path& path) {
  if (auto traces = check_columns(columns_of(session, "traces"), "traces", kTraceColumns, path);
      !traces)
    return traces;
  return check_columns(columns_of(session, "trace_steps"), "trace_steps", kStepColumns, path);
}

}  // namespace jarvis
