#pragma once

#include <memory>
#include <string>

#include "core/home/traces/trace_row.hpp"
#include "core/ports/trace_reader.hpp"

namespace Poco::Data {
class Statement;
}

namespace jarvis {

/** The columns that a TraceCursor reads; without `messages` in a store that has none. */
std::string trace_columns(bool with_messages);
/** The columns that a StepCursor reads, after the number of the trace's row. */
inline constexpr const char* kStepColumnList =
    "step_index, step_type, timestamp, duration_seconds, input, output, trace_steps.metadata";

/** The WHERE clause of the filter, whose values are bound to `select`. */
std::string add_conditions(Poco::Data::Statement& select, const TraceFilter& filter);

/** Goes through the rows of a select over trace_columns(), one at a time. The statement is borrowed
 * and not executed yet. Throws Poco::Exception. */
class TraceCursor {
 public:
  explicit TraceCursor(Poco::Data::Statement& select);
  ~TraceCursor();
  /** Without steps. False after the last. */
  bool next(TraceRow& row);
  /** The `id` of the row that was read last. */
  std::int64_t number() const;

 private:
  struct Columns;
  std::unique_ptr<Columns> columns_;
};

/** The same for a select of a number and kStepColumnList. */
class StepCursor {
 public:
  explicit StepCursor(Poco::Data::Statement& select);
  ~StepCursor();
  bool next(StepRow& row);
  std::int64_t number() const;

 private:
  struct Columns;
  std::unique_ptr<Columns> columns_;
};

}  // namespace jarvis
