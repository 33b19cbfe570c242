#include "core/home/traces/exchange/format_detection.hpp"

#include <algorithm>
#include <array>

#include "core/home/traces/exchange/json_reading.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kLookedAt = std::size_t{1} << 20;
constexpr std::string_view kSqlite("SQLite format 3\0", 16);

struct Sign {
  std::string_view key;
  TraceFormat format;
};
/** Our own lines have messages too, after the query. */
constexpr std::array<Sign, 8> kSigns{{{"resourceSpans", TraceFormat::otlp},
                                      {"query", TraceFormat::jsonl},
                                      {"messages", TraceFormat::openai},
                                      {"request", TraceFormat::openai},
                                      {"body", TraceFormat::openai},
                                      {"choices", TraceFormat::openai},
                                      {"response", TraceFormat::openai},
                                      {"trace_id", TraceFormat::jsonl}}};

std::optional<TraceFormat> format_of_line(std::string_view line) {
  json::monotonic_resource memory;
  const auto object = object_of_line(line, &memory);
  if (!object) return std::nullopt;
  for (const Sign& sign : kSigns)
    if (object->contains(sign.key)) return sign.format;
  return std::nullopt;
}

/** For a document over many lines, and for a line that is longer than what is looked at. */
std::optional<TraceFormat> format_by_first_key(std::string_view text) {
  std::optional<TraceFormat> format;
  std::size_t first = std::string_view::npos;
  for (const Sign& sign : {kSigns[0], kSigns[1], kSigns[2]})
    if (const std::size_t at = text.find("\"" + std::string(sign.key) + "\""); at < first) {
      first = at;
      format = sign.format;
    }
  return format;
}

}  // namespace

std::optional<TraceFormat> detected_format(TextInput& input) {
  const std::string_view head = input.peek(kLookedAt);
  if (head.substr(0, kSqlite.size()) == kSqlite) return TraceFormat::traces_db;
  for (std::size_t begin = 0; begin < head.size();) {
    const std::size_t end = std::min(head.find('\n', begin), head.size());
    if (const auto format = format_of_line(head.substr(begin, end - begin))) return format;
    begin = end + 1;
  }
  return format_by_first_key(head);
}

}  // namespace jarvis
