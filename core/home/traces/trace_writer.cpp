#include "core/home/traces/trace_writer.hpp"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Data/Transaction.h>
#include <Poco/Nullable.h>

#include <algorithm>
#include <cctype>
#include <functional>

#include "core/home/traces/trace_connection.hpp"
#include "core/home/traces/trace_schema.hpp"

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

/** A trigger runs with our rights when we write; only the one that feeds the search index is
 * expected. */
Result<void> check_triggers(Session& session, const fs::path& path) {
  std::vector<std::string> names, texts;
  session << "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'", into(names), into(texts),
      now;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (without_spaces(texts[i]) != without_spaces(kTraceSchema.back()))
      return Error{ErrorKind::refused,
                   "'" + path.string() + "' has the unexpected trigger '" + names[i] + "'",
                   "remove it with 'DROP TRIGGER' when you do not know what it does"};
  return {};
}

Result<void> write(const fs::path& path, const std::function<Result<void>(Session&)>& change) {
  auto opened = open_traces(path, TraceAccess::write);
  if (!opened) return opened.error();
  Session& session = **opened;
  try {
    if (auto checked = check_trace_tables(session, path); !checked) return checked;
    if (auto checked = check_triggers(session, path); !checked) return checked;
    Poco::Data::Transaction transaction(session);
    if (auto changed = change(session); !changed) return changed;
    transaction.commit();
    return {};
  } catch (const Poco::Exception& exception) {
    return database_error(exception, path);
  }
}

std::string text_of(const json::value& value, const char* if_null) {
  return value.is_null() ? if_null : json::serialize(value);
}

void insert_steps(Session& session, const Trace& trace) {
  for (const TraceStep& step : trace.steps)
    session
        << "INSERT INTO trace_steps(trace_id, step_index, step_type, timestamp, duration_seconds,"
           " input, output, metadata) VALUES (?,?,?,?,?,?,?,?)",
        bind(trace.id), bind(Poco::Int64{step.index}), bind(step.type), bind(step.timestamp),
        bind(step.duration_seconds), bind(text_of(step.input, "{}")),
        bind(text_of(step.output, "{}")), bind(text_of(step.metadata, "{}")), now;
}

void insert_trace(Session& session, const Trace& trace, bool has_messages) {
  Poco::Nullable<std::string> outcome;
  if (trace.outcome) outcome = *trace.outcome;
  Poco::Nullable<double> feedback;
  if (trace.feedback) feedback = *trace.feedback;
  Poco::Data::Statement insert(session);
  insert << std::string(
                "INSERT INTO traces(trace_id, query, agent, model, engine, result, outcome,"
                " feedback, started_at, ended_at, total_tokens, total_latency_seconds,"
                " metadata") +
                (has_messages ? ", messages" : "") + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?" +
                (has_messages ? ",?)" : ")"),
      bind(trace.id), bind(trace.query), bind(trace.agent), bind(trace.model), bind(trace.engine),
      bind(trace.result), bind(outcome), bind(feedback), bind(trace.started_at),
      bind(trace.ended_at), bind(Poco::Int64{trace.total_tokens}),
      bind(trace.total_latency_seconds), bind(text_of(trace.metadata, "{}"));
  if (has_messages) insert, bind(text_of(trace.messages, "[]"));
  insert.execute();
  insert_steps(session, trace);
}

bool exists(Session& session, const std::string& id) {
  int number = 0;
  session << "SELECT count(*) FROM traces WHERE trace_id = ?", bind(id), into(number), now;
  return number > 0;
}

/** Looks without a write connection: mostly there is nothing to do. */
Result<bool> has_all_indexes(const fs::path& path) {
  auto opened = open_traces(path, TraceAccess::read_only);
  if (!opened) return opened.error();
  try {
    for (const TraceIndex& index : {kStartedIndex, kRatedIndex, kStepsIndex})
      if (!has_table_or_index(**opened, index.name)) return false;
    return true;
  } catch (const Poco::Exception& exception) {
    return database_error(exception, path);
  }
}

}  // namespace

Result<void> create_trace_database(const fs::path& path) {
  auto opened = open_traces(path, TraceAccess::create);
  if (!opened) return opened.error();
  try {
    for (const std::string_view statement : kTraceSchema) **opened << std::string(statement), now;
    return {};
  } catch (const Poco::Exception& exception) {
    return database_error(exception, path);
  }
}

Result<void> index_traces(const fs::path& path) {
  const auto has_all = has_all_indexes(path);
  if (!has_all && has_all.error().kind == ErrorKind::not_found) return {};
  if (!has_all) return has_all.error();
  if (*has_all) return {};
  return write(path, [](Session& session) -> Result<void> {
    for (const TraceIndex& index : {kStartedIndex, kRatedIndex, kStepsIndex})
      session << std::string("CREATE INDEX IF NOT EXISTS ") + index.name + " ON " + index.on, now;
    return {};
  });
}

Result<void> insert_traces(const fs::path& path, const std::vector<Trace>& traces) {
  return write(path, [&](Session& session) -> Result<void> {
    const bool has_messages = columns_of(session, "traces").contains("messages");
    for (const Trace& trace : traces) {
      if (trace.id.empty()) return Error{ErrorKind::invalid, "a trace has no id", ""};
      if (exists(session, trace.id))
        return Error{ErrorKind::invalid, "trace '" + trace.id + "' is there already",
                     "give it another id, or leave it out"};
      insert_trace(session, trace, has_messages);
    }
    return {};
  });
}

Result<void> set_feedback(const fs::path& path, const std::string& id,
                          std::optional<double> score) {
  if (score && !(*score >= 0 && *score <= 1))
    return Error{ErrorKind::invalid, "a score is a number from 0 to 1", ""};
  return write(path, [&](Session& session) -> Result<void> {
    if (!exists(session, id))
      return Error{ErrorKind::not_found, "there is no trace '" + id + "'",
                   "'traces list' shows the newest ids"};
    Poco::Nullable<double> value;
    if (score) value = *score;
    session << "UPDATE traces SET feedback = ? WHERE trace_id = ?", bind(value), bind(id), now;
    return {};
  });
}

}  // namespace jarvis
