#include "core/home/traces/row_cursor.hpp"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Nullable.h>

#include "core/home/traces/blob_text.hpp"

namespace jarvis {

using namespace Poco::Data::Keywords;
using Poco::Data::BLOB;
using Poco::Data::Statement;

namespace {

bool step(Statement& select) {
  while (!select.done())
    if (select.execute() > 0) return true;
  return false;
}

}  // namespace

std::string trace_columns(bool with_messages) {
  return std::string(
             "traces.id, traces.trace_id, query, agent, model, engine, result, outcome, feedback, "
             "started_at, ended_at, total_tokens, total_latency_seconds, traces.metadata, ") +
         (with_messages ? "messages" : "'[]'");
}

std::string add_conditions(Statement& select, const TraceFilter& filter) {
  std::string conditions;
  const auto where = [&](const char* condition) {
    conditions += (conditions.empty() ? "WHERE " : " AND ") + std::string(condition);
  };
  if (filter.agent) where("agent = ?"), select, bind(*filter.agent);
  if (filter.outcome) where("outcome = ?"), select, bind(*filter.outcome);
  if (filter.min_feedback) where("feedback >= ?"), select, bind(*filter.min_feedback);
  if (filter.max_feedback) where("feedback <= ?"), select, bind(*filter.max_feedback);
  if (filter.since) where("started_at >= ?"), select, bind(*filter.since);
  if (filter.until) where("started_at < ?"), select, bind(*filter.until);
  if (filter.rated_only) where("feedback IS NOT NULL");
  return conditions;
}

struct TraceCursor::Columns {
  explicit Columns(Statement& statement) : select(statement) {}

  Statement& select;
  Poco::Int64 number = 0;
  BLOB id, query, agent, model, engine, result, metadata, messages;
  Poco::Nullable<BLOB> outcome;
  Poco::Nullable<double> feedback;
  double started = 0, ended = 0, latency = 0;
  Poco::Int64 tokens = 0;
};

TraceCursor::TraceCursor(Statement& select) : columns_(new Columns(select)) {
  Columns& at = *columns_;
  select, into(at.number), into(at.id), into(at.query), into(at.agent), into(at.model),
      into(at.engine), into(at.result), into(at.outcome), into(at.feedback), into(at.started),
      into(at.ended), into(at.tokens), into(at.latency), into(at.metadata), into(at.messages),
      range(0, 1);
}

TraceCursor::~TraceCursor() = default;

std::int64_t TraceCursor::number() const {
  return columns_->number;
}

bool TraceCursor::next(TraceRow& row) {
  Columns& at = *columns_;
  if (!step(at.select)) return false;
  row = {};
  row.id = text_of(at.id);
  row.query = text_of(at.query);
  row.agent = text_of(at.agent);
  row.model = text_of(at.model);
  row.engine = text_of(at.engine);
  row.result = text_of(at.result);
  if (!at.outcome.isNull()) row.outcome = text_of(at.outcome.value());
  if (!at.feedback.isNull()) row.feedback = at.feedback.value();
  row.started_at = at.started;
  row.ended_at = at.ended;
  row.total_tokens = at.tokens;
  row.total_latency_seconds = at.latency;
  row.metadata = text_of(at.metadata);
  row.messages = text_of(at.messages);
  return true;
}

struct StepCursor::Columns {
  explicit Columns(Statement& statement) : select(statement) {}

  Statement& select;
  Poco::Int64 number = 0;
  Poco::Int64 index = 0;
  BLOB type, input, output, metadata;
  double timestamp = 0, duration = 0;
};

StepCursor::StepCursor(Statement& select) : columns_(new Columns(select)) {
  Columns& at = *columns_;
  select, into(at.number), into(at.index), into(at.type), into(at.timestamp), into(at.duration),
      into(at.input), into(at.output), into(at.metadata), range(0, 1);
}

StepCursor::~StepCursor() = default;

std::int64_t StepCursor::number() const {
  return columns_->number;
}

bool StepCursor::next(StepRow& row) {
  Columns& at = *columns_;
  if (!step(at.select)) return false;
  row = {at.index,          text_of(at.type),   at.timestamp,        at.duration,
         text_of(at.input), text_of(at.output), text_of(at.metadata)};
  return true;
}

}  // namespace jarvis
