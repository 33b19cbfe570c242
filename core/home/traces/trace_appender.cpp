#include "core/home/traces/trace_appender.hpp"

#include <Poco/Data/Session.h>

#include <thread>

#include "core/home/traces/row_insertion.hpp"
#include "core/home/traces/trace_connection.hpp"
#include "core/home/traces/writable_traces.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;
using Poco::Data::Session;
using SteadyClock = std::chrono::steady_clock;

struct TraceAppender::Store {
  WritableTraces traces;
  bool has_messages;
  SteadyClock::time_point free_until{};  ///< nobody but others writes before
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
    session << "PRAGMA wal_autocheckpoint=8000", now;
    return std::unique_ptr<TraceAppender>(
        new TraceAppender(std::make_unique<Store>(Store{*std::move(traces), has_messages})));
  } catch (const Poco::Exception& exception) {
    return database_error(exception, path);
  }
}

Result<std::int64_t> TraceAppender::add(const std::vector<TraceRow>& rows) {
  // Writers that wait look again only from time to time: without a pause between transactions they
  // would hardly ever find the store free.
  std::this_thread::sleep_until(store_->free_until);
  std::vector<const TraceRow*> added;
  SteadyClock::time_point begin;
  const auto changed = store_->traces.change([&](Session& session) -> Result<void> {
    begin = SteadyClock::now();
    added.clear();
    std::set<std::string> taken = ids_there(session, rows);
    for (const TraceRow& row : rows)
      if (taken.insert(row.id).second) added.push_back(&row);
    insert_rows(session, added, store_->has_messages);
    return {};
  });
  const auto end = SteadyClock::now();
  store_->free_until = end + (end - begin) / 5;
  if (!changed) return changed.error();
  return static_cast<std::int64_t>(added.size());
}

}  // namespace jarvis
