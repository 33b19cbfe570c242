#include "core/home/traces/trace_appender.hpp"

#include <Poco/Data/Session.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/home/traces/index_feed.hpp"
#include "core/home/traces/row_insertion.hpp"
#include "core/home/traces/trace_connection.hpp"
#include "core/home/traces/writable_traces.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;
using Poco::Data::Session;
using SteadyClock = std::chrono::steady_clock;

namespace {

/** Together, before others get a turn. Some programs give up after 5 seconds of waiting. */
constexpr auto kLongestHold = std::chrono::milliseconds(500);
/** SQLite has no queue: programs that wait look again, every 100 ms at the latest. */
constexpr auto kTurn = std::chrono::milliseconds(120);

std::int64_t version_by_others(Session& session) {
  Poco::Int64 version = 0;
  session << "PRAGMA data_version", into(version), now;
  return version;
}

void write_to_disk(Session& session) {
  session << "PRAGMA wal_checkpoint(PASSIVE)", now;
}

Result<void> insert(Session& session, const fs::path& path,
                    const std::vector<const TraceRow*>& rows, bool has_messages) {
  const auto indexed = has_index_trigger(session, path);
  if (!indexed) return indexed.error();
  const std::int64_t before = newest_row(session);
  insert_rows(session, rows, has_messages);
  if (*indexed && index_rows_after(session, before) != static_cast<std::int64_t>(rows.size()))
    return Error{ErrorKind::invalid, "'" + path.string() + "' has no row numbers left",
                 "export its traces and import them into a new store"};
  return {};
}

}  // namespace

struct TraceAppender::Store {
  WritableTraces traces;
  bool has_messages;
  SteadyClock::duration held{};  ///< since the last turn of others
  SteadyClock::time_point free_since{};
};

TraceAppender::TraceAppender(std::unique_ptr<Store> store) : store_(std::move(store)) {}
TraceAppender::~TraceAppender() = default;

Result<std::unique_ptr<TraceAppender>> TraceAppender::open(const fs::path& path) {
  auto traces = WritableTraces::open_or_create(path, kPatience);
  if (!traces) return traces.error();
  try {
    Session& session = traces->session();
    const bool has_messages = columns_of(session, "traces").contains("messages");
    session << "PRAGMA synchronous=NORMAL", now;
    session << "PRAGMA cache_size=-65536", now;
    session << "PRAGMA wal_autocheckpoint=0", now;
    stop_triggers(session);
    return std::unique_ptr<TraceAppender>(
        new TraceAppender(std::make_unique<Store>(Store{*std::move(traces), has_messages})));
  } catch (const Poco::Exception& exception) {
    return database_error(exception, path);
  }
}

Result<std::int64_t> TraceAppender::add(const std::vector<TraceRow>& rows) {
  if (store_->held >= kLongestHold)
    if (auto given = give_turn(); !given) return given.error();
  std::vector<const TraceRow*> added;
  SteadyClock::time_point begin;
  const auto changed = store_->traces.change([&](Session& session) -> Result<void> {
    begin = SteadyClock::now();
    added.clear();
    std::set<std::string> taken = ids_there(session, rows);
    for (const TraceRow& row : rows)
      if (taken.insert(row.id).second) added.push_back(&row);
    return insert(session, store_->traces.path(), added, store_->has_messages);
  });
  if (!changed) return changed.error();
  store_->free_since = SteadyClock::now();
  store_->held += store_->free_since - begin;
  return static_cast<std::int64_t>(added.size());
}

Result<void> TraceAppender::give_turn() {
  return store_->traces.use([&](Session& session) {
    std::int64_t version = version_by_others(session);
    // Others can write while this goes on.
    write_to_disk(session);
    const auto end = store_->free_since + std::max<SteadyClock::duration>(store_->held, kTurn);
    for (auto turn = store_->free_since + kTurn;; turn += kTurn) {
      std::this_thread::sleep_until(turn);
      const std::int64_t now_version = version_by_others(session);
      // Where one wrote, another may still wait.
      if (now_version == version || turn >= end) break;
      version = now_version;
    }
    store_->held = {};
  });
}

Result<void> TraceAppender::finish() {
  return store_->traces.use(write_to_disk);
}

}  // namespace jarvis
