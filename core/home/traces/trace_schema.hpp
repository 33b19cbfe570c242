#pragma once

#include <array>
#include <string_view>

namespace jarvis {

/** What makes an empty traces.db, as OpenJarvis makes it: other programs read these tables by
 * position, so that no column may be added. */
inline constexpr std::array<std::string_view, 5> kTraceSchema = {
    "PRAGMA journal_mode=WAL",
    R"(CREATE TABLE traces (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    trace_id             TEXT    NOT NULL UNIQUE,
    query                TEXT    NOT NULL DEFAULT '',
    agent                TEXT    NOT NULL DEFAULT '',
    model                TEXT    NOT NULL DEFAULT '',
    engine               TEXT    NOT NULL DEFAULT '',
    result               TEXT    NOT NULL DEFAULT '',
    outcome              TEXT,
    feedback             REAL,
    started_at           REAL    NOT NULL DEFAULT 0.0,
    ended_at             REAL    NOT NULL DEFAULT 0.0,
    total_tokens         INTEGER NOT NULL DEFAULT 0,
    total_latency_seconds REAL   NOT NULL DEFAULT 0.0,
    metadata             TEXT    NOT NULL DEFAULT '{}',
    messages             TEXT    NOT NULL DEFAULT '[]'
))",
    R"(CREATE TABLE trace_steps (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    trace_id         TEXT    NOT NULL,
    step_index       INTEGER NOT NULL,
    step_type        TEXT    NOT NULL,
    timestamp        REAL    NOT NULL DEFAULT 0.0,
    duration_seconds REAL    NOT NULL DEFAULT 0.0,
    input            TEXT    NOT NULL DEFAULT '{}',
    output           TEXT    NOT NULL DEFAULT '{}',
    metadata         TEXT    NOT NULL DEFAULT '{}',
    FOREIGN KEY (trace_id) REFERENCES traces(trace_id)
))",
    R"(CREATE VIRTUAL TABLE traces_fts USING fts5(
    trace_id, query, result, agent,
    content='traces',
    content_rowid='rowid',
    tokenize='unicode61'
))",
    R"(CREATE TRIGGER traces_fts_ai AFTER INSERT ON traces BEGIN
    INSERT INTO traces_fts(rowid, trace_id, query, result, agent)
    VALUES (new.rowid, new.trace_id, new.query, new.result, new.agent);
END)"};

/** What makes a large traces.db quick to list, to mine and to show. Other programs do not notice
 * it: an index changes neither columns nor what a statement gives. */
struct TraceIndex {
  const char* name;
  const char* on;
};
inline constexpr TraceIndex kStartedIndex{"jarvis_traces_started", "traces(started_at)"};
inline constexpr TraceIndex kRatedIndex{"jarvis_traces_rated",
                                        "traces(started_at, feedback) WHERE feedback IS NOT NULL"};
inline constexpr TraceIndex kFeedbackIndex{"jarvis_traces_feedback",
                                           "traces(feedback) WHERE feedback IS NOT NULL"};
inline constexpr TraceIndex kStepsIndex{"jarvis_trace_steps_trace", "trace_steps(trace_id)"};

inline constexpr std::array<TraceIndex, 4> kTraceIndexes = {kStartedIndex, kRatedIndex,
                                                            kFeedbackIndex, kStepsIndex};

/** The columns that must be there. `messages` may be absent: it came by a later ALTER. */
inline constexpr std::array<std::string_view, 14> kTraceColumns = {
    "id",           "trace_id",
    "query",        "agent",
    "model",        "engine",
    "result",       "outcome",
    "feedback",     "started_at",
    "ended_at",     "metadata",
    "total_tokens", "total_latency_seconds",
};
inline constexpr std::array<std::string_view, 9> kStepColumns = {
    "id",    "trace_id", "step_index", "step_type", "timestamp", "duration_seconds",
    "input", "output",   "metadata"};

}  // namespace jarvis
