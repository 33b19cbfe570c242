#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/json.hpp"

namespace jarvis {

/** One step of a trace: "route", "retrieve", "generate", "tool_call" or "respond". */
struct TraceStep {
  std::int64_t index = 0;
  std::string type;
  double timestamp = 0;  ///< unix seconds
  double duration_seconds = 0;
  json::value input, output, metadata;
};

/** One recorded question and answer of the student. */
struct Trace {
  std::string id;
  std::string query;
  std::string agent;
  std::string model;
  std::string engine;
  std::string result;
  std::optional<std::string> outcome;
  std::optional<double> feedback;  ///< 0..1; nothing = unrated
  double started_at = 0;           ///< unix seconds
  double ended_at = 0;
  std::int64_t total_tokens = 0;
  double total_latency_seconds = 0;
  json::value metadata;
  json::value messages;
  std::vector<TraceStep> steps;  ///< filled by TraceReader::get only
};

}  // namespace jarvis
