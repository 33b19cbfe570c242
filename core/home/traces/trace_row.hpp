#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/trace.hpp"

namespace jarvis {

/** A row of `trace_steps`, its JSON columns as text. */
struct StepRow {
  std::int64_t index = 0;
  std::string type;
  double timestamp = 0;
  double duration_seconds = 0;
  std::string input = "{}", output = "{}", metadata = "{}";
};

/** A row of `traces` with its steps, its JSON columns as text: so a trace goes from one store to
 * another without a byte of them changed. */
struct TraceRow {
  std::string id;
  std::string query, agent, model, engine, result;
  std::optional<std::string> outcome;
  std::optional<double> feedback;
  double started_at = 0;
  double ended_at = 0;
  std::int64_t total_tokens = 0;
  double total_latency_seconds = 0;
  std::string metadata = "{}", messages = "[]";
  std::vector<StepRow> steps;

  /** About the bytes that it holds. */
  std::size_t size() const;
};

/** What a JSON column holds; a text that is no JSON arrives as a string. */
json::value column_json(const std::string& text);

TraceRow row_of(const Trace& trace);
Trace trace_of(TraceRow row);

}  // namespace jarvis
