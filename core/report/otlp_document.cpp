#include "core/report/otlp_document.hpp"

#include <cmath>

namespace jarvis {

namespace {

constexpr const char* kScope = "jarvis.learning";
constexpr int kFailed = 2;  ///< STATUS_CODE_ERROR

/** 64-bit numbers are texts in the JSON form of protobuf. */
json::object any_value(const json::value& value) {
  if (value.is_bool()) return {{"boolValue", value}};
  if (value.is_int64()) return {{"intValue", std::to_string(value.as_int64())}};
  if (value.is_double()) return {{"doubleValue", value}};
  return {{"stringValue", value}};
}

json::array attribute_list(const json::object& attributes) {
  json::array list;
  for (const auto& [key, value] : attributes)
    list.push_back({{"key", json::value(key)}, {"value", any_value(value)}});
  return list;
}

std::string nanoseconds(double unix_seconds) {
  return std::to_string(static_cast<std::int64_t>(std::llround(unix_seconds * 1e6)) * 1000);
}

json::object span_json(const std::string& trace_id, const SessionSpan& span) {
  json::object object{{"traceId", trace_id}, {"spanId", span.id}};
  if (!span.parent.empty()) object["parentSpanId"] = span.parent;
  object["name"] = span.name;
  object["kind"] = static_cast<int>(span.kind);
  object["startTimeUnixNano"] = nanoseconds(span.begin);
  object["endTimeUnixNano"] = nanoseconds(span.end);
  object["attributes"] = attribute_list(span.attributes);
  object["status"] =
      span.error ? json::object{{"code", kFailed}, {"message", *span.error}} : json::object();
  return object;
}

}  // namespace

json::object otlp_document(const std::string& trace_id, const std::vector<SessionSpan>& spans,
                           const std::string& version) {
  json::array list;
  for (const SessionSpan& span : spans) list.push_back(span_json(trace_id, span));
  const json::object resource{{"attributes", attribute_list({{"service.name", "jarvis-learning"},
                                                             {"service.version", version}})}};
  json::array scopes{json::object{{"scope", {{"name", kScope}, {"version", version}}},
                                  {"spans", std::move(list)}}};
  return {{"resourceSpans",
           json::array{json::object{{"resource", resource}, {"scopeSpans", std::move(scopes)}}}}};
}

}  // namespace jarvis
