#include "core/home/traces/trace_row.hpp"

namespace jarvis {

namespace {

std::string text_of(const json::value& value, const char* if_null) {
  return value.is_null() ? if_null : json::serialize(value);
}

StepRow row_of(const TraceStep& step) {
  return {step.index,
          step.type,
          step.timestamp,
          step.duration_seconds,
          text_of(step.input, "{}"),
          text_of(step.output, "{}"),
          text_of(step.metadata, "{}")};
}

TraceStep step_of(StepRow row) {
  return {row.index,
          std::move(row.type),
          row.timestamp,
          row.duration_seconds,
          column_json(row.input),
          column_json(row.output),
          column_json(row.metadata)};
}

}  // namespace

json::value column_json(const std::string& text) {
  if (text == "{}") return json::object();
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  return error ? json::value(text) : value;
}

std::size_t TraceRow::size() const {
  std::size_t bytes = sizeof *this + id.size() + query.size() + agent.size() + model.size() +
                      engine.size() + result.size() + metadata.size() + messages.size();
  for (const StepRow& step : steps)
    bytes += sizeof step + step.type.size() + step.input.size() + step.output.size() +
             step.metadata.size();
  return bytes;
}

TraceRow row_of(const Trace& trace) {
  TraceRow row;
  row.id = trace.id;
  row.query = trace.query;
  row.agent = trace.agent;
  row.model = trace.model;
  row.engine = trace.engine;
  row.result = trace.result;
  row.outcome = trace.outcome;
  row.feedback = trace.feedback;
  row.started_at = trace.started_at;
  row.ended_at = trace.ended_at;
  row.total_tokens = trace.total_tokens;
  row.total_latency_seconds = trace.total_latency_seconds;
  row.metadata = text_of(trace.metadata, "{}");
  row.messages = text_of(trace.messages, "[]");
  for (const TraceStep& step : trace.steps) row.steps.push_back(row_of(step));
  return row;
}

Trace trace_of(TraceRow row) {
  Trace trace;
  trace.id = std::move(row.id);
  trace.query = std::move(row.query);
  trace.agent = std::move(row.agent);
  trace.model = std::move(row.model);
  trace.engine = std::move(row.engine);
  trace.result = std::move(row.result);
  trace.outcome = std::move(row.outcome);
  trace.feedback = row.feedback;
  trace.started_at = row.started_at;
  trace.ended_at = row.ended_at;
  trace.total_tokens = row.total_tokens;
  trace.total_latency_seconds = row.total_latency_seconds;
  trace.metadata = column_json(row.metadata);
  trace.messages = column_json(row.messages);
  for (StepRow& step : row.steps) trace.steps.push_back(step_of(std::move(step)));
  return trace;
}

}  // namespace jarvis
