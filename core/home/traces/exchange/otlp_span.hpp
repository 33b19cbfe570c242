#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/home/traces/exchange/steps.hpp"
#include "core/home/traces/trace_row.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** What is kept of a span of OpenTelemetry. */
struct Span {
  enum class Kind {
    other,  ///< not about a model: only its place in the tree counts
    agent,
    model,
    tool,
    retrieval
  };
  std::string trace_id, id, parent_id;
  std::int64_t line = 0;  ///< where it stood in the file
  Kind kind = Kind::other;
  double begin = 0, end = 0;  ///< unix seconds
  bool failed = false;
  std::string agent, engine;
  std::string query;
  json::array messages;  ///< the conversation in the OpenAI form
  GivenAnswer answer;    ///< of an agent or a model; `content` empty when it was not recorded
  CalledTool tool;

  /** About the bytes that it holds. */
  std::size_t size() const;
};

/** Reads a span in the JSON form of OTLP, with the GenAI attributes and events in their present and
 * their older forms. invalid, with a reason for people, when it has no ids. */
Result<Span> span_of(const json::object& object);

}  // namespace jarvis
