#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/base/atomic_file.hpp"
#include "core/home/paths.hpp"
#include "core/home/traces/exchange/trace_import.hpp"
#include "core/report/otlp_document.hpp"
#include "tests/support/fakes/privacy.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSteps =
    R"({"at":"2026-06-01T03:00:01Z","step":"diagnose","state":"begin"}
{"at":"2026-06-01T03:00:02Z","step":"note","state":"progress","text":"diagnosing"}
{"at":"2026-06-01T03:00:09Z","step":"diagnose","state":"end"}
{"at":"2026-06-01T03:00:09Z","step":"plan","state":"begin"}
{"at":"2026-06-01T03:00:20Z","step":"plan","state":"end"}
{"at":"2026-06-01T03:00:20Z","step":"execute","state":"begin"}
{"at":"2026-06-01T03:00:21Z","step":"edit","state":"begin","edit_id":"edit-0a1b2c3d-1"}
{"at":"2026-06-01T03:00:40Z","step":"apply","state":"begin","edit_id":"edit-0a1b2c3d-1"}
{"at":"2026-06-01T03:00:41Z","step":"apply","state":"end","edit_id":"edit-0a1b2c3d-1"}
{"at":"2026-06-01T03:00:41Z","step":"edit","state":"end","edit_id":"edit-0a1b2c3d-1","status":"applied"}
{"at":"2026-06-01T03:00:42Z","step":"something new","state":"begin"}
not a line
{"at":"2026-06-01T03:00:43Z","step":"edit","state":"beg)";

constexpr const char* kTalk =
    R"({"timestamp":"2026-06-01T03:00:03Z","call":"teacher","model":"claude-x","text":"Zwieback-7","usage":{"input_tokens":100,"output_tokens":7}}
{"timestamp":"2026-06-01T03:00:05Z","tool":"list_traces","args":{"q":"Zwieback-7"},"result":"Zwieback-7","latency_ms":1500}
{"timestamp":"2026-06-01T03:00:06Z","tool":"Zwieback-7","args":{},"latency_ms":-5}
)";

constexpr const char* kLedger =
    R"({"event":"reserve","time":"2026-06-01T03:00:10Z","session":"session-20260601T030000_0a1b2c3d","reservation":"r-1","purpose":"planning","model":"claude-x","usd":0.5}
{"event":"settle","time":"2026-06-01T03:00:19Z","session":"session-20260601T030000_0a1b2c3d","reservation":"r-1","purpose":"planning","model":"claude-x","usd":0.02,"tokens":{"input":500,"output":60}}
{"event":"reserve","time":"2026-06-01T03:00:30Z","session":"session-20260601T030000_0a1b2c3d","reservation":"r-2","purpose":"judge","model":"judge-y","usd":0.1}
{"event":"reserve","time":"2026-06-01T03:00:30Z","session":"another","reservation":"r-3","purpose":"judge","model":"judge-y","usd":0.1}
)";

struct Recorded {
  Recorded() {
    const fs::path folder = directory.path() / kSessionsFolder / session.id;
    REQUIRE(make_private_directory(folder / "teacher_traces"));
    REQUIRE(write_file_atomically(folder / "steps.jsonl", kSteps));
    REQUIRE(write_file_atomically(folder / "teacher_traces" / "diagnose.jsonl", kTalk));
    REQUIRE(write_file_atomically(directory.path() / kLedgerFile, kLedger));
  }
  std::vector<SessionSpan> spans() {
    return session_spans({directory.path(), privacy,
                          [](const std::string& model) {
                            return model == "claude-x" ? std::string("anthropic") : std::string();
                          }},
                         session);
  }
  json::object document() { return otlp_document(trace_id_of(session), spans(), "1.2.3"); }

  Session session = full_session();
  TemporaryDirectory directory;
  FakePrivacy privacy;
};

const SessionSpan& named(const std::vector<SessionSpan>& spans, const std::string& name) {
  const auto found = std::find_if(spans.begin(), spans.end(),
                                  [&](const SessionSpan& span) { return span.name == name; });
  REQUIRE_MESSAGE(found != spans.end(), name);
  return *found;
}

bool is_hex(const json::value& value, std::size_t digits) {
  const std::string text(value.as_string());
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos &&
         text.find_first_not_of('0') != std::string::npos;
}

bool is_digits(const json::value& value) {
  const std::string text(value.as_string());
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

/** As the protobuf's JSON mapping has it. */
void check_attributes(const json::array& attributes) {
  std::set<std::string> keys;
  for (const json::value& attribute : attributes) {
    const json::object& object = attribute.as_object();
    CHECK(object.size() == 2);
    CHECK(keys.insert(std::string(object.at("key").as_string())).second);
    const json::object& value = object.at("value").as_object();
    REQUIRE(value.size() == 1);
    const auto& [kind, given] = *value.begin();
    const bool is_right =
        (kind == "stringValue" && given.is_string()) || (kind == "boolValue" && given.is_bool()) ||
        (kind == "doubleValue" && given.is_double()) || (kind == "intValue" && given.is_string());
    CHECK(is_right);
  }
}

}  // namespace

TEST_CASE("spans: phases, trial, gate, commit, calls and tools hang together") {
  Recorded recorded;
  const auto spans = recorded.spans();
  const std::string root = spans.front().id;
  CHECK(spans.front().name == "learning session");
  CHECK(spans.front().parent.empty());
  for (const char* phase : {"diagnose", "plan", "execute"})
    CHECK(named(spans, phase).parent == root);
  const SessionSpan& trial = named(spans, "trial");
  CHECK(trial.parent == named(spans, "execute").id);
  CHECK(named(spans, "gate").parent == trial.id);
  CHECK(named(spans, "apply").parent == trial.id);
  CHECK(named(spans, "gate").end == named(spans, "apply").begin);
  CHECK(named(spans, "gate").attributes.at("jarvis.gate.verdict") == "accept");
  CHECK(trial.attributes.at("jarvis.edit.status") == "applied");
  CHECK(named(spans, "execute_tool list_traces").parent == named(spans, "diagnose").id);
  // The judge's call lies within the trial; it was never seen to end.
  const SessionSpan& judge = named(spans, "chat judge-y");
  CHECK(judge.parent == named(spans, "gate").id);
  CHECK(judge.error.has_value());
}

TEST_CASE("spans: calls of models have the names of the GenAI conventions") {
  Recorded recorded;
  const auto spans = recorded.spans();
  const SessionSpan& diagnosis = named(spans, "chat claude-x");
  CHECK(std::count_if(spans.begin(), spans.end(),
                      [](const SessionSpan& span) { return span.name == "chat claude-x"; }) == 2);
  std::map<std::string, std::int64_t> input;
  for (const SessionSpan& span : spans)
    if (span.name == "chat claude-x") {
      CHECK(span.kind == SessionSpan::Kind::client);
      CHECK(span.attributes.at("gen_ai.operation.name") == "chat");
      CHECK(span.attributes.at("gen_ai.request.model") == "claude-x");
      CHECK(span.attributes.at("gen_ai.provider.name") == "anthropic");
      input[std::string(span.attributes.at("jarvis.purpose").as_string())] =
          span.attributes.at("gen_ai.usage.input_tokens").as_int64();
    }
  CHECK(input == std::map<std::string, std::int64_t>{{"diagnosis", 100}, {"planning", 500}});
  CHECK(diagnosis.end >= diagnosis.begin);
  const SessionSpan& tool = named(spans, "execute_tool list_traces");
  CHECK(tool.attributes.at("gen_ai.tool.name") == "list_traces");
  CHECK(tool.end - tool.begin == doctest::Approx(1.5));
}

TEST_CASE("spans: hold nothing of what was said, and no secret in a name") {
  Recorded recorded;
  const std::string text = json::serialize(recorded.document());
  CHECK(text.find("Zwieback-7") == std::string::npos);
  CHECK(text.find("execute_tool [SECRET_1]") != std::string::npos);
}

TEST_CASE("spans: the document has the shape of OTLP's JSON") {
  Recorded recorded;
  const json::object document = recorded.document();
  CHECK(document.size() == 1);
  const json::object& resource = document.at("resourceSpans").as_array().at(0).as_object();
  check_attributes(resource.at("resource").as_object().at("attributes").as_array());
  const json::object& scope = resource.at("scopeSpans").as_array().at(0).as_object();
  CHECK(scope.at("scope").as_object().at("name") == "jarvis.learning");
  std::set<std::string> ids;
  for (const json::value& value : scope.at("spans").as_array()) {
    const json::object& span = value.as_object();
    CHECK(is_hex(span.at("traceId"), 32));
    CHECK(is_hex(span.at("spanId"), 16));
    CHECK(ids.insert(std::string(span.at("spanId").as_string())).second);
    if (const json::value* parent = span.if_contains("parentSpanId"))
      CHECK(ids.count(std::string(parent->as_string())) == 1);
    CHECK(!span.at("name").as_string().empty());
    const bool kind_is_right = span.at("kind") == 1 || span.at("kind") == 3;
    CHECK(kind_is_right);
    REQUIRE(is_digits(span.at("startTimeUnixNano")));
    REQUIRE(is_digits(span.at("endTimeUnixNano")));
    CHECK(std::stoull(std::string(span.at("startTimeUnixNano").as_string())) <=
          std::stoull(std::string(span.at("endTimeUnixNano").as_string())));
    check_attributes(span.at("attributes").as_array());
    CHECK(span.at("status").is_object());
  }
  CHECK(ids.size() == scope.at("spans").as_array().size());
}

TEST_CASE("spans: an import of traces takes them for nobody's conversation") {
  Recorded recorded;
  const fs::path file = recorded.directory.path() / "spans.json";
  REQUIRE(write_file_atomically(file, json::serialize(recorded.document())));
  for (const std::optional<TraceFormat> format : {std::optional(TraceFormat::otlp), {}}) {
    const auto report =
        import_traces(recorded.directory.path() / "traces.db", {file.string()}, {format});
    REQUIRE(report);
    CHECK(report->imported == 0);
    CHECK(report->bad_count == 0);
  }
}

TEST_CASE("spans: the same session has the same ids each time, another one others") {
  Recorded recorded;
  CHECK(recorded.document() == recorded.document());
  CHECK(trace_id_of(full_session("session-1")) != trace_id_of(full_session("session-2")));
}

TEST_CASE("spans: a session of which nothing was written down is one span") {
  const TemporaryDirectory empty;
  FakePrivacy privacy;
  Session session;
  session.id = "session-1";
  const auto spans =
      session_spans({empty.path(), privacy, [](const std::string&) { return ""; }}, session);
  REQUIRE(spans.size() == 1);
  CHECK(spans[0].end == spans[0].begin);
}
