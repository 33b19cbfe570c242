#include "core/home/traces/writable_traces.hpp"

#include <Poco/Data/SQLite/SQLiteException.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <sys/stat.h>

#include <cctype>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/home/sound_database.hpp"
#include "core/home/traces/trace_connection.hpp"
#include "core/home/traces/trace_schema.hpp"
#include "core/home/transaction.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;
using Poco::Data::Session;

namespace {

std::string without_spaces(std::string_view text) {
  std::string squeezed;
  for (const unsigned char c : text)
    if (!std::isspace(c) && c != ';') squeezed += static_cast<char>(c);
  return squeezed;
}

/** Leaves a transaction, so that it is taken back. */
struct Refused {
  Error error;
};

bool is_locked(const Poco::Exception& exception) {
  return dynamic_cast<const Poco::Data::SQLite::DBLockedException*>(&exception) ||
         dynamic_cast<const Poco::Data::SQLite::LockProtocolException*>(&exception);
}

/** SQLite itself waits while another program writes, but not in every case in which the store is
 * held: where it does not, `attempt` is made again. */
Result<void> patiently(const fs::path& path, std::chrono::milliseconds patience,
                       const std::function<Result<void>()>& attempt) {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    try {
      return attempt();
    } catch (const Refused& refused) {
      return refused.error;
    } catch (const Poco::Exception& exception) {
      if (!is_locked(exception) || std::chrono::steady_clock::now() >= end)
        return database_error(exception, path);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

/** A damaged store is never written to. Looked at once by each process: it may write often. */
Result<void> require_sound(const fs::path& path) {
  static std::mutex mutex;
  static std::set<std::string> found_sound;
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  const std::string file = std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino) + ":" +
                           fs::absolute(path).string();
  const std::lock_guard lock(mutex);
  if (found_sound.contains(file)) return {};
  if (const std::string damage = damage_of(path, Thoroughness::fast); !damage.empty())
    return damaged_traces(path, damage);
  found_sound.insert(file);
  return {};
}

/** Another program may make the tables at the same time: whoever comes second finds them. */
void make_tables(Session& session) {
  session << std::string(kTraceSchema.front()), now;
  in_transaction(session, [&] {
    if (!is_without_tables(session)) return;
    for (std::size_t i = 1; i < kTraceSchema.size(); ++i)
      session << std::string(kTraceSchema[i]), now;
  });
}

}  // namespace

WritableTraces::WritableTraces(fs::path path, std::chrono::milliseconds patience,
                               std::shared_ptr<Session> session)
    : path_(std::move(path)), patience_(patience), session_(std::move(session)) {}

Result<WritableTraces> WritableTraces::open(const fs::path& path,
                                            std::chrono::milliseconds patience) {
  if (auto sound = require_sound(path); !sound) return sound.error();
  auto opened = open_traces(path, TraceAccess::write);
  if (!opened) return opened.error();
  Session& session = **opened;
  const auto checked = patiently(path, patience, [&]() -> Result<void> {
    session << "PRAGMA busy_timeout=" + std::to_string(patience.count()), now;
    if (auto tables = check_trace_tables(session, path); !tables) return tables;
    if (auto trigger = has_index_trigger(session, path); !trigger) return trigger.error();
    return {};
  });
  if (!checked) return checked.error();
  return WritableTraces(path, patience, *opened);
}

Result<WritableTraces> WritableTraces::open_or_create(const fs::path& path,
                                                      std::chrono::milliseconds patience) {
  if (auto made = make_missing_trace_file(path); !made) return made.error();
  if (auto sound = require_sound(path); !sound) return sound.error();
  auto opened = open_traces(path, TraceAccess::write);
  if (!opened) return opened.error();
  const auto ready = patiently(path, patience, [&]() -> Result<void> {
    if (is_without_tables(**opened)) make_tables(**opened);
    return {};
  });
  if (!ready) return ready.error();
  return open(path, patience);
}

Result<void> WritableTraces::use(const std::function<void(Session&)>& work) {
  return patiently(path_, patience_, [&]() -> Result<void> {
    work(*session_);
    return {};
  });
}

Result<void> WritableTraces::change(const std::function<Result<void>(Session&)>& change) {
  return patiently(path_, patience_, [&]() -> Result<void> {
    in_transaction(*session_, [&] {
      if (auto changed = change(*session_); !changed) throw Refused{changed.error()};
    });
    return {};
  });
}

Result<bool> has_index_trigger(Session& session, const fs::path& path) {
  std::vector<std::string> names, texts;
  session << "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'", into(names), into(texts),
      now;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (without_spaces(texts[i]) != without_spaces(kTraceSchema.back()))
      return Error{ErrorKind::refused,
                   "'" + path.string() + "' has the unexpected trigger '" + names[i] + "'",
                   "remove it with 'DROP TRIGGER' when you do not know what it does"};
  return !names.empty();
}

Result<void> create_trace_database(const fs::path& path) {
  auto opened = open_traces(path, TraceAccess::create);
  if (!opened) return opened.error();
  return patiently(path, kPatience, [&]() -> Result<void> {
    make_tables(**opened);
    return {};
  });
}

}  // namespace jarvis
