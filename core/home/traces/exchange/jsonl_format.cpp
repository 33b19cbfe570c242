#include "core/home/traces/exchange/jsonl_format.hpp"

#include <stdexcept>

// The reader's own assertions must end one line, not the program.
#define RAPIDJSON_ASSERT(x)                               \
  do {                                                    \
    if (!(x)) throw std::logic_error("JSON reader: " #x); \
  } while (false)
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/home/traces/exchange/json_reading.hpp"

namespace jarvis {

namespace {

namespace rj = rapidjson;

constexpr unsigned kReading =
    rj::kParseIterativeFlag | rj::kParseFullPrecisionFlag | rj::kParseValidateEncodingFlag;

/** Takes any JSON; remembers how deep it went. */
struct AnyJson : rj::BaseReaderHandler<rj::UTF8<>, AnyJson> {
  bool Default() { return true; }
  bool StartObject() { return open(); }
  bool StartArray() { return open(); }
  bool EndObject(rj::SizeType) { return --depth, true; }
  bool EndArray(rj::SizeType) { return --depth, true; }
  bool open() { return deepest = std::max(deepest, ++depth), true; }
  int depth = 0, deepest = 0;
};

/** How deep the JSON text nests; nothing when it is no JSON. */
std::optional<int> depth_of(std::string_view text) {
  rj::MemoryStream stream(text.data(), text.size());
  rj::Reader reader;
  AnyJson any;
  if (text.find('\0') != std::string_view::npos || !reader.Parse<kReading>(stream, any))
    return std::nullopt;
  return any.deepest;
}

/** Also one with halves of surrogate pairs, which Python writes and no strict reader takes. */
bool is_json(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\u", at)) != std::string::npos; at += 2)
    if (at + 2 < text.size() && (text[at + 2] == 'd' || text[at + 2] == 'D')) text[at + 2] = '0';
  return depth_of(text).has_value();
}

/** A JSON column within a line, of which it is `levels` deep. */
std::string embedded(const std::string& column, char begin, int levels) {
  const bool may_stand = !column.empty() && column.front() == begin &&
                         column.find_first_of("\r\n") == std::string::npos;
  if (may_stand)
    if (const auto depth = depth_of(column); depth && *depth + levels <= kDeepestRecord)
      return column;
  return json::serialize(json::string_view(column));
}

std::string number(double value) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  return json::serialize(
      json::value(std::isnan(value) ? 0.0 : std::clamp(value, -kLargest, kLargest)));
}

std::string quoted(const std::string& text) {
  return json::serialize(json::string_view(text));
}

std::string to_json(const StepRow& step) {
  constexpr int kLevels = 3;
  return "{\"step_index\":" + std::to_string(step.index) + ",\"step_type\":" + quoted(step.type) +
         ",\"timestamp\":" + number(step.timestamp) +
         ",\"duration_seconds\":" + number(step.duration_seconds) +
         ",\"input\":" + embedded(step.input, '{', kLevels) +
         ",\"output\":" + embedded(step.output, '{', kLevels) +
         ",\"metadata\":" + embedded(step.metadata, '{', kLevels) + "}";
}

/** Fills a row from a line as it is read. Members that it does not know are passed over. */
class RowReader {
 public:
  using Ch = char;

  RowReader(std::string_view line, const rj::MemoryStream& stream, TraceRow& row)
      : line_(line), stream_(stream), row_(row) {}

  const std::string& fault() const { return fault_; }
  bool has_query() const { return has_query_; }
  bool has_agent() const { return has_agent_; }

  bool Null() { return inner_ > 0 || place_ == Place::trace || place_ == Place::step || refuse(); }
  bool Bool(bool) { return inner_ > 0 || !is_known() || refuse(); }
  bool Int(int value) { return whole(value); }
  bool Uint(unsigned value) { return whole(value); }
  bool Int64(std::int64_t value) { return whole(value); }
  bool Uint64(std::uint64_t value) { return Double(static_cast<double>(value)); }
  bool RawNumber(const char*, rj::SizeType, bool) { return refuse(); }

  bool Double(double value) {
    if (inner_ > 0) return true;
    if (double* place = real_place()) return *place = value, true;
    if (place_ == Place::trace && key_ == "feedback") {
      if (!(value >= 0 && value <= 1)) return refuse("'feedback' is not a number from 0 to 1");
      row_.feedback = value;
      return true;
    }
    return !is_known() || refuse();
  }

  bool String(const char* text, rj::SizeType size, bool) {
    if (inner_ > 0) return true;
    const std::string_view value(text, size);
    if (std::string* place = text_place()) return place->assign(value), true;
    if (place_ == Place::trace && key_ == "outcome") return row_.outcome = value, true;
    if (std::string* column = json_place()) {
      *column = is_json(std::string(value)) ? std::string(value)
                                            : json::serialize(json::string_view(value));
      return true;
    }
    return !is_known() || refuse();
  }

  bool Key(const char* text, rj::SizeType size, bool) {
    if (inner_ > 0) return true;
    key_.assign(text, size);
    has_query_ = has_query_ || (place_ == Place::trace && key_ == "query");
    has_agent_ = has_agent_ || (place_ == Place::trace && key_ == "agent");
    return true;
  }

  bool StartObject() { return start('{'); }
  bool StartArray() { return start('['); }
  bool EndObject(rj::SizeType) { return end(); }
  bool EndArray(rj::SizeType) { return end(); }

 private:
  enum class Place { outside, trace, steps, step };

  bool refuse(const std::string& reason = {}) {
    if (!reason.empty())
      fault_ = reason;
    else if (place_ == Place::outside)
      fault_ = "it is not a JSON object";
    else if (place_ == Place::steps)
      fault_ = "'steps' holds something that is no object";
    else
      fault_ = "'" + key_ + "' has a value of the wrong type";
    return false;
  }

  std::string* text_place() {
    if (place_ == Place::step) return key_ == "step_type" ? &row_.steps.back().type : nullptr;
    if (place_ != Place::trace) return nullptr;
    return key_ == "query"      ? &row_.query
           : key_ == "result"   ? &row_.result
           : key_ == "trace_id" ? &row_.id
           : key_ == "agent"    ? &row_.agent
           : key_ == "model"    ? &row_.model
           : key_ == "engine"   ? &row_.engine
                                : nullptr;
  }

  double* real_place() {
    if (place_ == Place::step)
      return key_ == "timestamp"          ? &row_.steps.back().timestamp
             : key_ == "duration_seconds" ? &row_.steps.back().duration_seconds
                                          : nullptr;
    if (place_ != Place::trace) return nullptr;
    return key_ == "started_at"              ? &row_.started_at
           : key_ == "ended_at"              ? &row_.ended_at
           : key_ == "total_latency_seconds" ? &row_.total_latency_seconds
                                             : nullptr;
  }

  std::string* json_place() {
    if (place_ == Place::step)
      return key_ == "input"      ? &row_.steps.back().input
             : key_ == "output"   ? &row_.steps.back().output
             : key_ == "metadata" ? &row_.steps.back().metadata
                                  : nullptr;
    if (place_ != Place::trace) return nullptr;
    return key_ == "metadata" ? &row_.metadata : key_ == "messages" ? &row_.messages : nullptr;
  }

  std::int64_t* whole_place() {
    if (place_ == Place::step) return key_ == "step_index" ? &row_.steps.back().index : nullptr;
    return place_ == Place::trace && key_ == "total_tokens" ? &row_.total_tokens : nullptr;
  }

  bool is_known() {
    return text_place() || real_place() || json_place() || whole_place() ||
           place_ == Place::outside || place_ == Place::steps ||
           (place_ == Place::trace && (key_ == "steps" || key_ == "outcome" || key_ == "feedback"));
  }

  bool whole(std::int64_t value) {
    if (inner_ > 0) return true;
    if (std::int64_t* place = whole_place()) return *place = value, true;
    return Double(static_cast<double>(value));
  }

  bool start(char kind) {
    if (++depth_ > kDeepestRecord)
      return refuse("it nests deeper than " + std::to_string(kDeepestRecord) + " levels");
    if (inner_ > 0) return ++inner_, true;
    if (place_ == Place::outside && kind == '{') return place_ = Place::trace, true;
    if (place_ == Place::steps && kind == '{') {
      row_.steps.emplace_back().index = static_cast<std::int64_t>(row_.steps.size()) - 1;
      return place_ = Place::step, true;
    }
    if (place_ == Place::trace && key_ == "steps" && kind == '[')
      return place_ = Place::steps, true;
    column_ = json_place();
    if (column_ ? kind != (column_ == &row_.messages ? '[' : '{') : is_known()) return refuse();
    column_begin_ = stream_.Tell();
    inner_ = 1;
    return true;
  }

  bool end() {
    --depth_;
    if (inner_ > 0) {
      if (--inner_ == 0 && column_)
        *column_ = line_.substr(column_begin_, stream_.Tell() + 1 - column_begin_);
      return true;
    }
    place_ = place_ == Place::step    ? Place::steps
             : place_ == Place::steps ? Place::trace
                                      : Place::outside;
    return true;
  }

  std::string_view line_;
  const rj::MemoryStream& stream_;
  TraceRow& row_;
  Place place_ = Place::outside;
  std::string key_;
  std::string fault_;
  int depth_ = 0;
  int inner_ = 0;  ///< open containers of a value that is kept as text or passed over
  std::string* column_ = nullptr;
  std::size_t column_begin_ = 0;
  bool has_query_ = false;
  bool has_agent_ = false;
};

}  // namespace

std::string to_jsonl(const TraceRow& row) {
  std::string steps;
  for (const StepRow& step : row.steps) steps += (steps.empty() ? "" : ",") + to_json(step);
  return "{\"trace_id\":" + quoted(row.id) + ",\"query\":" + quoted(row.query) +
         ",\"agent\":" + quoted(row.agent) + ",\"model\":" + quoted(row.model) +
         ",\"engine\":" + quoted(row.engine) + ",\"result\":" + quoted(row.result) +
         ",\"outcome\":" + (row.outcome ? quoted(*row.outcome) : "null") +
         ",\"feedback\":" + (row.feedback ? number(*row.feedback) : "null") +
         ",\"started_at\":" + number(row.started_at) + ",\"ended_at\":" + number(row.ended_at) +
         ",\"total_tokens\":" + std::to_string(row.total_tokens) +
         ",\"total_latency_seconds\":" + number(row.total_latency_seconds) +
         ",\"metadata\":" + embedded(row.metadata, '{', 1) +
         ",\"messages\":" + embedded(row.messages, '[', 1) + ",\"steps\":[" + steps + "]}\n";
}

Result<TraceRow> from_jsonl(std::string_view line, const std::string& agent_if_absent) try {
  if (const std::string fault = fault_of_line(line); !fault.empty())
    return Error{ErrorKind::invalid, fault};
  TraceRow row;
  rj::MemoryStream stream(line.data(), line.size());
  rj::Reader reader;
  RowReader rows(line, stream, row);
  if (const auto result = reader.Parse<kReading>(stream, rows); !result)
    return Error{ErrorKind::invalid, rows.fault().empty()
                                         ? std::string("it is not JSON: ") +
                                               rj::GetParseError_En(result.Code()) + " (at byte " +
                                               std::to_string(result.Offset() + 1) + ")"
                                         : rows.fault()};
  if (!rows.has_query()) return Error{ErrorKind::invalid, "it has no 'query'"};
  if (row.id.empty()) row.id = id_from_content("jsonl", line);
  if (!rows.has_agent()) row.agent = agent_if_absent;
  return row;
} catch (const std::logic_error& error) {
  return Error{ErrorKind::invalid, error.what()};
}

}  // namespace jarvis
