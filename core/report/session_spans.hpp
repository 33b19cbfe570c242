#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/model/json.hpp"
#include "core/model/session.hpp"
#include "core/ports/privacy.hpp"

namespace jarvis {

/** A piece of a session's work, as OpenTelemetry has it. */
struct SessionSpan {
  enum class Kind { internal = 1, client = 3 };  ///< OTLP's numbers
  std::string id;                                ///< 16 hex digits
  std::string parent;                            ///< empty: the session itself
  std::string name;
  Kind kind = Kind::internal;
  double begin = 0;  ///< unix seconds
  double end = 0;
  std::optional<std::string> error;
  json::object attributes;  ///< texts, numbers and flags
};

/** What the spans are made from. */
struct SpanSource {
  std::filesystem::path home;
  Privacy& privacy;  ///< borrowed; names that somebody else has chosen are redacted
  /** "anthropic": who serves a model; empty when nobody knows. */
  std::function<std::string(const std::string& model)> provider_of;
};

/** A span for the session, its phases, each trial of an edit with its gate and its commit, each
 * call of a model and each call of a tool; the session first, parents before what is below them.
 * From what was written down: the session's steps, the teacher's conversation and the ledger, whose
 * times are whole seconds. What was said is in none of them. The same session has the same ids each
 * time. */
std::vector<SessionSpan> session_spans(const SpanSource& source, const Session& session);

/** 32 hex digits. */
std::string trace_id_of(const Session& session);

}  // namespace jarvis
