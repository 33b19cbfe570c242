#include "core/home/traces/trace_store.hpp"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Nullable.h>

#include <algorithm>
#include <functional>
#include <mutex>

#include "core/home/traces/blob_text.hpp"
#include "core/home/traces/newest_matches.hpp"
#include "core/home/traces/row_cursor.hpp"
#include "core/home/traces/search_words.hpp"
#include "core/home/traces/trace_connection.hpp"
#include "core/home/traces/trace_schema.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;
using Poco::Data::BLOB;
using Poco::Data::Session;
using Poco::Data::Statement;

/** One database connection, opened when the file is there, used by one thread at a time. */
class TraceStore::Connection {
 public:
  explicit Connection(fs::path path) : path_(std::move(path)) {}

  /** Gives `absent` while there is no file, else what `query` gives. */
  template <class T>
  Result<T> run(const Result<T>& absent, const std::function<Result<T>(Session&)>& query) {
    const std::lock_guard lock(mutex_);
    try {
      if (auto opened = open(); !opened)
        return opened.error().kind == ErrorKind::not_found ? absent : Result<T>(opened.error());
      return query(*session_);
    } catch (const Poco::Exception& exception) {
      return database_error(exception, path_);
    }
  }

  bool has_messages() const { return has_messages_; }
  bool has_index() const { return has_index_; }
  const fs::path& path() const { return path_; }

 private:
  Result<void> open() {
    if (session_) return {};
    auto opened = open_traces(path_, TraceAccess::read_only);
    if (!opened) return opened.error();
    if (auto checked = check_trace_tables(**opened, path_); !checked) return checked;
    has_messages_ = columns_of(**opened, "traces").contains("messages");
    has_index_ = !columns_of(**opened, "traces_fts").empty();
    session_ = *opened;
    return {};
  }

  fs::path path_;
  std::mutex mutex_;
  std::shared_ptr<Session> session_;
  bool has_messages_ = false;
  bool has_index_ = false;
};

namespace {

/** Until `row` gives false. */
void read_each(Statement& statement, const std::function<bool()>& row) {
  while (!statement.done())
    if (statement.execute() > 0 && !row()) break;
}

std::vector<Trace> read_traces(Statement& select) {
  TraceCursor cursor(select);
  std::vector<Trace> traces;
  for (TraceRow row; cursor.next(row);) traces.push_back(trace_of(std::move(row)));
  return traces;
}

constexpr const char* kSelectForScan =
    "SELECT trace_id, query, agent, result, feedback, started_at, metadata FROM traces ";
/** What a rating needs, in the same columns; a query says in its beginning what it is about. */
constexpr const char* kSelectForRatings =
    "SELECT trace_id, substr(query, 1, 2000), agent, '', feedback, started_at, metadata FROM "
    "traces ";

void scan_traces(Statement& select, const TraceReader::Visit& visit) {
  BLOB id, query, agent, result, metadata;
  Poco::Nullable<double> feedback;
  double started = 0;
  select, into(id), into(query), into(agent), into(result), into(feedback), into(started),
      into(metadata), range(0, 1);
  read_each(select, [&] {
    Trace trace;
    trace.id = text_of(id);
    trace.query = text_of(query);
    trace.agent = text_of(agent);
    trace.result = text_of(result);
    if (!feedback.isNull()) trace.feedback = feedback.value();
    trace.started_at = started;
    trace.metadata = column_json(text_of(metadata));
    return visit(trace);
  });
}

std::vector<StepRow> read_steps(Session& session, const std::string& trace_id) {
  Statement select(session);
  select << std::string("SELECT 0, ") + kStepColumnList +
                " FROM trace_steps WHERE trace_id = ? ORDER BY step_index, id",
      bind(trace_id);
  StepCursor cursor(select);
  std::vector<StepRow> steps;
  for (StepRow step; cursor.next(step);) steps.push_back(std::move(step));
  return steps;
}

std::string select_traces(bool with_messages) {
  return "SELECT " + trace_columns(with_messages) + " FROM traces ";
}

std::string indexed_by(const TraceIndex& index) {
  return std::string("INDEXED BY ") + index.name + " ";
}

constexpr const char* kNewestFirst = " ORDER BY started_at DESC, id DESC LIMIT ?";
constexpr const char* kOldestFirst = " ORDER BY started_at, id LIMIT ?";

bool is_by_rating(const TraceFilter& filter) {
  return filter.rated_only || filter.min_feedback || filter.max_feedback;
}

/** The table, the rows that the filter wants and their order; for a select's end. */
std::string wanted(Session& session, Statement& select, const TraceFilter& filter) {
  const bool by_rating = is_by_rating(filter) && has_table_or_index(session, kRatedIndex.name);
  return (by_rating ? indexed_by(kRatedIndex) : "") + add_conditions(select, filter) +
         (filter.oldest_first ? kOldestFirst : kNewestFirst);
}

/** Word by word, for a store without a search index. */
std::vector<Trace> read_through(Session& session, const std::vector<std::string>& words,
                                bool has_messages, std::int64_t limit) {
  Statement select(session);
  std::string sql = select_traces(has_messages) + "WHERE 1";
  for (const std::string& word : words) {
    sql += " AND instr(lower(query || ' ' || result || ' ' || agent), lower(?)) > 0";
    select, bind(word);
  }
  select << sql + kNewestFirst, bind(Poco::Int64{limit});
  return read_traces(select);
}

/** The ids that begin with `prefix`, at most `limit`; the one that equals it alone when there is
 * one. */
std::vector<std::string> ids_like(Session& session, const std::string& prefix, int limit) {
  std::vector<std::string> ids;
  session << "SELECT trace_id FROM traces WHERE trace_id = ?", bind(prefix), into(ids), now;
  if (!ids.empty() || prefix.empty()) return ids;
  session << "SELECT trace_id FROM traces WHERE trace_id >= ? AND trace_id < ? || char(1114111)"
             " ORDER BY trace_id LIMIT ?",
      bind(prefix), bind(prefix), bind(limit), into(ids), now;
  return ids;
}

Error ambiguous(const std::string& prefix, std::vector<std::string> ids, std::size_t shown) {
  const bool more = ids.size() > shown;
  ids.resize(std::min(ids.size(), shown));
  std::string names;
  for (const std::string& id : ids) names += (names.empty() ? "" : ", ") + id;
  return {ErrorKind::not_found,
          "trace id '" + prefix + "' is ambiguous: " + names + (more ? ", …" : ""),
          "give more characters of it"};
}

}  // namespace

TraceStore::TraceStore(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
TraceStore::~TraceStore() = default;

Result<std::unique_ptr<TraceStore>> TraceStore::open(const fs::path& path) {
  std::unique_ptr<TraceStore> store(new TraceStore(std::make_unique<Connection>(path)));
  TraceFilter one;
  one.limit = 1;
  const auto readable = store->scan(one, [](const Trace&) { return false; });
  if (!readable) return readable.error();
  return store;
}

Result<std::int64_t> TraceStore::count() const {
  return connection_->run<std::int64_t>(std::int64_t{0}, [](Session& session) {
    Poco::Int64 number = 0;
    session << "SELECT count(*) FROM traces", into(number), now;
    return Result<std::int64_t>(std::int64_t{number});
  });
}

Result<std::vector<Trace>> TraceStore::list(const TraceFilter& filter) const {
  using Traces = std::vector<Trace>;
  return connection_->run<Traces>(Traces(), [&](Session& session) {
    Statement select(session);
    select << select_traces(connection_->has_messages()) + wanted(session, select, filter),
        bind(Poco::Int64{filter.limit});
    return Result<Traces>(read_traces(select));
  });
}

Result<void> TraceStore::scan(const TraceFilter& filter, const Visit& visit) const {
  const auto done = connection_->run<bool>(true, [&](Session& session) {
    Statement select(session);
    select << kSelectForScan + add_conditions(select, filter);
    scan_traces(select, visit);
    return Result<bool>(true);
  });
  if (!done) return done.error();
  return {};
}

Result<std::vector<Trace>> TraceStore::ratings(TraceFilter filter) const {
  using Traces = std::vector<Trace>;
  filter.rated_only = true;
  return connection_->run<Traces>(Traces(), [&](Session& session) {
    Traces traces;
    Statement select(session);
    select << kSelectForRatings + wanted(session, select, filter),
        bind(Poco::Int64{filter.limit});
    scan_traces(select, [&](const Trace& trace) {
      traces.push_back(trace);
      return true;
    });
    return Result<Traces>(std::move(traces));
  });
}

Result<std::int64_t> TraceStore::count_matching(const TraceFilter& filter) const {
  return connection_->run<std::int64_t>(std::int64_t{0}, [&](Session& session) {
    const bool indexed = is_by_rating(filter) && !filter.since && !filter.until && !filter.agent &&
                         !filter.outcome && has_table_or_index(session, kFeedbackIndex.name);
    Poco::Int64 number = 0;
    Statement select(session);
    select << "SELECT count(*) FROM traces " + (indexed ? indexed_by(kFeedbackIndex) : "") +
                  add_conditions(select, filter),
        into(number);
    select.execute();
    return Result<std::int64_t>(std::int64_t{number});
  });
}

Result<Trace> TraceStore::find(const std::string& id) const {
  const Error none{ErrorKind::not_found, "there is no trace '" + id + "'", ""};
  return connection_->run<Trace>(none, [&](Session& session) -> Result<Trace> {
    Statement select(session);
    select << select_traces(connection_->has_messages()) + "WHERE trace_id = ?", bind(id);
    std::vector<Trace> traces = read_traces(select);
    if (traces.empty()) return none;
    return std::move(traces[0]);
  });
}

Result<Trace> TraceStore::get(const std::string& id) const {
  const Error none{ErrorKind::not_found, "there is no trace '" + id + "'",
                   "'traces list' shows the newest ids"};
  return connection_->run<Trace>(none, [&](Session& session) -> Result<Trace> {
    constexpr std::size_t kShown = 5;
    const std::vector<std::string> ids = ids_like(session, id, kShown + 1);
    if (ids.empty()) return none;
    if (ids.size() > 1) return ambiguous(id, ids, kShown);
    Statement select(session);
    select << select_traces(connection_->has_messages()) + "WHERE trace_id = ?", bind(ids[0]);
    TraceCursor cursor(select);
    TraceRow row;
    if (!cursor.next(row)) return none;
    row.steps = read_steps(session, ids[0]);
    return trace_of(std::move(row));
  });
}

Result<std::vector<Trace>> TraceStore::search(const std::string& text, std::int64_t limit) const {
  using Traces = std::vector<Trace>;
  const std::vector<std::string> words = searchable_words(text);
  if (words.empty()) return Traces();
  return connection_->run<Traces>(Traces(), [&](Session& session) {
    const bool has_messages = connection_->has_messages();
    if (!connection_->has_index())
      return Result<Traces>(read_through(session, words, has_messages, limit));
    const std::string expression = match_expression(words);
    if (const auto ids = newest_matches(session, expression, limit)) {
      Statement select(session);
      select << select_traces(has_messages) + "WHERE id IN (" + *ids + ")" + kNewestFirst,
          bind(Poco::Int64{limit});
      return Result<Traces>(read_traces(select));
    }
    // By start time, where that has an index: faster than to fetch and sort all that match.
    const bool by_time = has_table_or_index(session, kStartedIndex.name);
    Statement select(session);
    select << select_traces(has_messages) +
                  (by_time ? indexed_by(kStartedIndex) + "WHERE +id" : "WHERE id") +
                  " IN (SELECT rowid FROM traces_fts WHERE traces_fts MATCH ?)" + kNewestFirst,
        bind(expression), bind(Poco::Int64{limit});
    return Result<Traces>(read_traces(select));
  });
}

}  // namespace jarvis
