#include "core/home/traces/row_insertion.hpp"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Nullable.h>

namespace jarvis {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;
using Poco::Data::Statement;

namespace {

/** The columns of new rows, as one prepared statement takes them. */
struct TraceColumns {
  std::vector<std::string> id, query, agent, model, engine, result, metadata, messages;
  std::vector<Poco::Nullable<std::string>> outcome;
  std::vector<Poco::Nullable<double>> feedback;
  std::vector<double> started, ended, latency;
  std::vector<Poco::Int64> tokens;

  void add(const TraceRow& row) {
    id.push_back(row.id);
    query.push_back(row.query);
    agent.push_back(row.agent);
    model.push_back(row.model);
    engine.push_back(row.engine);
    result.push_back(row.result);
    metadata.push_back(row.metadata);
    messages.push_back(row.messages);
    outcome.emplace_back();
    if (row.outcome) outcome.back() = *row.outcome;
    feedback.emplace_back();
    if (row.feedback) feedback.back() = *row.feedback;
    started.push_back(row.started_at);
    ended.push_back(row.ended_at);
    latency.push_back(row.total_latency_seconds);
    tokens.push_back(row.total_tokens);
  }
};

struct StepColumns {
  std::vector<std::string> trace_id, type, input, output, metadata;
  std::vector<Poco::Int64> index;
  std::vector<double> timestamp, duration;

  void add(const std::string& id, const StepRow& row) {
    trace_id.push_back(id);
    type.push_back(row.type);
    input.push_back(row.input);
    output.push_back(row.output);
    metadata.push_back(row.metadata);
    index.push_back(row.index);
    timestamp.push_back(row.timestamp);
    duration.push_back(row.duration_seconds);
  }
};

void insert(Session& session, TraceColumns& rows, bool has_messages) {
  Statement insert(session);
  insert << std::string(
                "INSERT INTO traces(trace_id, query, agent, model, engine, result, outcome,"
                " feedback, started_at, ended_at, total_tokens, total_latency_seconds,"
                " metadata") +
                (has_messages ? ", messages" : "") + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?" +
                (has_messages ? ",?)" : ")"),
      use(rows.id), use(rows.query), use(rows.agent), use(rows.model), use(rows.engine),
      use(rows.result), use(rows.outcome), use(rows.feedback), use(rows.started), use(rows.ended),
      use(rows.tokens), use(rows.latency), use(rows.metadata);
  if (has_messages) insert, use(rows.messages);
  insert.execute();
}

void insert(Session& session, StepColumns& rows) {
  session << "INSERT INTO trace_steps(trace_id, step_index, step_type, timestamp, duration_seconds,"
             " input, output, metadata) VALUES (?,?,?,?,?,?,?,?)",
      use(rows.trace_id), use(rows.index), use(rows.type), use(rows.timestamp), use(rows.duration),
      use(rows.input), use(rows.output), use(rows.metadata), now;
}

}  // namespace

std::set<std::string> ids_there(Session& session, const std::vector<TraceRow>& rows) {
  std::set<std::string> found;
  std::string id, there;
  Statement select(session);
  select << "SELECT trace_id FROM traces WHERE trace_id = ?", use(id), into(there);
  for (const TraceRow& row : rows) {
    id = row.id;
    if (select.execute() > 0) found.insert(row.id);
  }
  return found;
}

void insert_rows(Session& session, const std::vector<const TraceRow*>& rows, bool has_messages) {
  TraceColumns traces;
  StepColumns steps;
  for (const TraceRow* row : rows) {
    traces.add(*row);
    for (const StepRow& step : row->steps) steps.add(row->id, step);
  }
  // Poco binds no empty columns.
  if (!traces.id.empty()) insert(session, traces, has_messages);
  if (!steps.trace_id.empty()) insert(session, steps);
}

}  // namespace jarvis
