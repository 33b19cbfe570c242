#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "core/home/traces/exchange/trace_export.hpp"
#include "core/home/traces/exchange/trace_import.hpp"
#include "core/home/traces/trace_schema.hpp"
#include "core/home/traces/trace_store.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;
using namespace Poco::Data::Keywords;
namespace fs = std::filesystem;

namespace {

constexpr const char* kCheckIndex =
    "INSERT INTO traces_fts(traces_fts, rank) VALUES('integrity-check', 1)";

/** A store that does not exist yet, and files to import. */
struct Place {
  TemporaryDirectory directory;
  fs::path store = directory.path() / "traces.db";

  ImportReport import(const std::string& text, const ImportOptions& options = {}) const {
    return import_files({directory.write("given", text).string()}, options);
  }
  ImportReport import_files(const std::vector<std::string>& files,
                            const ImportOptions& options = {}) const {
    const auto report = import_traces(store, files, options);
    if (!report) FAIL(report.error().message);
    return *report;
  }
  std::string exported(const fs::path& from) const {
    std::string text;
    REQUIRE(export_traces(from, {}, [&](const std::string& line) -> Result<void> {
              text += line;
              return {};
            }).ok());
    return text;
  }
  void sql(const std::string& statement) const {
    Poco::Data::SQLite::Connector::registerConnector();
    Poco::Data::Session session("SQLite", store.string());
    session << statement, now;
  }
  std::string text(const std::string& query) const {
    Poco::Data::SQLite::Connector::registerConnector();
    Poco::Data::Session session("SQLite", store.string());
    std::string text;
    session << query, into(text), now;
    return text;
  }
  std::int64_t number(const std::string& query) const { return std::stoll(text(query)); }
  std::int64_t count() const { return *(*TraceStore::open(store))->count(); }
  Trace get(const std::string& id) const {
    const auto trace = (*TraceStore::open(store))->get(id);
    if (!trace) FAIL(trace.error().message);
    return *trace;
  }
};

using Format = TraceFormat;

ImportOptions as(Format format) {
  ImportOptions options;
  options.format = format;
  return options;
}

std::string reason(const ImportReport& report, std::size_t index = 0) {
  REQUIRE(report.bad.size() > index);
  return report.bad[index].reason;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Trace made(const std::string& id) {
  Trace trace;
  trace.id = id;
  trace.query = "what is up?";
  trace.agent = "native_react";
  trace.model = "m:4b";
  trace.result = std::string("nul\0 and \x1b[31m \xe2\x80\xae", 18);
  trace.started_at = 1750000000.123456;
  trace.ended_at = 1750000001.5;
  trace.total_tokens = 7;
  trace.total_latency_seconds = 0.1;
  return trace;
}

}  // namespace

TEST_CASE("trace import: a file that is not there stops it before anything is imported") {
  Place place;
  const auto good = place.directory.write("good", "{\"query\":\"x\"}\n").string();
  const auto report = import_traces(place.store, {good, "/nowhere/at/all"}, {});
  REQUIRE(!report.ok());
  CHECK(report.error().kind == ErrorKind::not_found);
  CHECK(!fs::exists(place.store));
  CHECK(!import_traces(place.store, {place.directory.path().string()}, {}).ok());
}

TEST_CASE("trace import: bad lines are named with number and reason, and good ones kept") {
  Place place;
  std::string deep = "{\"query\":\"x\",\"metadata\":{\"a\":";
  for (int i = 0; i < 5000; ++i) deep += "[";
  const std::string lines[] = {
      R"({"query":"fine","result":"y"})",
      "",
      "not json",
      R"({"query":"x","feedback":1.5})",
      R"({"query":"x","feedback":-0.1})",
      R"({"query":"x","feedback":"good"})",
      R"({"query":7})",
      R"({"query":"x","steps":{}})",
      R"({"query":"x","steps":[1]})",
      R"({"query":"x","metadata":[1]})",
      R"({"query":"x","messages":{}})",
      R"({"query":"x","total_tokens":1.5})",
      R"({"query":"x","started_at":"soon"})",
      R"({"result":"no question"})",
      "[1,2]",
      R"({"query":"half \ud800"})",
      std::string("{\"query\":\"a\0b\"}", 15),
      deep,
      R"({"query":"x"} trailing)",
      R"({"query":"cut)",
      "{\"query\":\"wrong \xff bytes\",\"trace_id\":\"cleaned\"}\r",
  };
  std::string text = "\xEF\xBB\xBF";
  for (const std::string& line : lines) text += line + "\n";
  const ImportReport report = place.import(text);
  CHECK(report.imported == 2);
  CHECK(report.bad_count == 18);
  REQUIRE(report.bad.size() == 18);
  CHECK(report.bad[0].line == 3);
  CHECK(has(reason(report, 0), "not JSON"));
  CHECK(has(reason(report, 1), "'feedback' is not a number from 0 to 1"));
  CHECK(has(reason(report, 3), "'feedback' has a value of the wrong type"));
  CHECK(has(reason(report, 4), "'query' has a value of the wrong type"));
  CHECK(has(reason(report, 6), "'steps' holds something that is no object"));
  CHECK(has(reason(report, 11), "no 'query'"));
  CHECK(has(reason(report, 12), "not a JSON object"));
  CHECK(has(reason(report, 14), "NUL"));
  CHECK(has(reason(report, 15), "deeper than 100 levels"));
  CHECK(report.bad[17].line == 20);
  CHECK(place.get("cleaned").query == "wrong \xEF\xBF\xBD bytes");
}

TEST_CASE("trace import: only the first bad records are named, and all are counted") {
  Place place;
  std::string text;
  for (int i = 0; i < 50; ++i) text += "nothing\n";
  const ImportReport report = place.import(text, as(Format::jsonl));
  CHECK(report.imported == 0);
  CHECK(report.bad_count == 50);
  CHECK(report.bad.size() == kMostBadNamed);
}

TEST_CASE("trace import: a line over 64 MB is passed over, and the next one is read") {
  Place place;
  const auto file = place.directory.path() / "long";
  {
    std::ofstream out(file);
    out << "{\"query\":\"first\"}\n{\"query\":\"";
    const std::string megabyte(1 << 20, 'x');
    for (int i = 0; i < 66; ++i) out << megabyte;
    out << "\"}\n{\"query\":\"last\"}";
  }
  const ImportReport report = place.import_files({file.string()});
  CHECK(report.imported == 2);
  CHECK(report.bad_count == 1);
  CHECK(report.bad[0].line == 2);
  CHECK(has(reason(report), "64 MB"));
}

TEST_CASE("trace import: of random bytes and cut files nothing is taken for a trace") {
  Place place;
  std::string bytes;
  for (unsigned i = 0, state = 1; i < 300000; ++i, state = state * 1664525u + 1013904223u)
    bytes += static_cast<char>(state >> 24);
  for (const Format format : {Format::jsonl, Format::openai, Format::otlp})
    CHECK(place.import(bytes, as(format)).imported == 0);
  CHECK(has(reason(place.import(bytes)), "--format"));
  CHECK(place.import("SQLite format 3" + std::string(1, '\0') + bytes).bad_count == 1);
  CHECK(place.import("").bad_count == 0);
}

TEST_CASE("trace export and import: every field comes back byte for byte") {
  Place place;
  const fs::path from = place.directory.path() / "from.db";
  REQUIRE(create_trace_database(from).ok());
  Trace full = made("full");
  full.outcome = "error";
  full.feedback = 0.1;
  full.engine = "ollama";
  full.messages = json::array{{{"role", "user"}, {"content", "\u00fc"}}};
  full.steps = {{0, "generate", 1750000000.5, 0.25, {{"model", "m"}}, {{"tokens", 7}}, {}},
                {1, "respond", 1750000001.5, 0, {}, {{"content", "y"}}, {}}};
  REQUIRE(insert_traces(from, {full, made("bare"), made("odd"), made("deep")}).ok());
  {
    Poco::Data::SQLite::Connector::registerConnector();
    Poco::Data::Session session("SQLite", from.string());
    session << R"(UPDATE traces SET metadata = '{"a": 1.50,  "b": "\u00e9\/"}' WHERE id = 1)", now;
    session << R"(UPDATE traces SET metadata = '{"half": "\ud83d"}', outcome = '',
                  messages = '[]' || char(10), feedback = 0 WHERE trace_id = 'odd')",
        now;
    const std::string open(500, '['), closed(500, ']');
    const std::string deep = "{\"a\":" + open + closed + "}";
    session << "UPDATE traces SET metadata = ? WHERE trace_id = 'deep'", bind(deep), now;
    session << "UPDATE trace_steps SET output = '{ \"spaced\" : [ ] }' WHERE step_index = 1", now;
  }
  const std::string text = place.exported(from);
  CHECK(has(text, R"("metadata":{"a": 1.50,  "b": "\u00e9\/"})"));
  const ImportReport report = place.import(text);
  CHECK(report.imported == 4);
  CHECK(report.bad_count == 0);
  CHECK(place.exported(place.store) == text);
  Poco::Data::Session session("SQLite", place.store.string());
  session << "ATTACH '" + from.string() + "' AS other", now;
  int different = -1;
  session
      << "SELECT (SELECT count(*) FROM (SELECT * FROM traces EXCEPT SELECT * FROM other.traces))"
         " + (SELECT count(*) FROM (SELECT * FROM trace_steps EXCEPT"
         " SELECT * FROM other.trace_steps))",
      into(different), now;
  CHECK(different == 0);
}

TEST_CASE("trace import: what is there already is counted and never changed") {
  Place place;
  const std::string line =
      R"({"trace_id":"a","query":"q","result":"r","feedback":0.2,"steps":[{"step_type":"respond"}]})"
      "\n";
  CHECK(place.import(line).imported == 1);
  REQUIRE(set_feedback(place.store, "a", 1.0).ok());
  const ImportReport again = place.import(line + line);
  CHECK(again.imported == 0);
  CHECK(again.already_there == 2);
  CHECK(place.get("a").feedback == 1.0);
  CHECK(place.get("a").steps.size() == 1);
}

TEST_CASE("trace import: records without an id get the same one every time") {
  Place place;
  const std::string ours = "{\"query\":\"q\",\"result\":\"r\"}\n";
  const std::string chat =
      R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"r"}]})"
      "\n";
  CHECK(place.import(ours).imported == 1);
  CHECK(place.import(chat).imported == 1);
  CHECK(place.import(ours).already_there == 1);
  CHECK(place.import("\n" + chat + chat).already_there == 2);
  CHECK(place.count() == 2);
}

TEST_CASE("trace import: a store that was left empty by an interrupted start is completed") {
  Place place;
  std::ofstream(place.store).close();
  CHECK(place.import("{\"query\":\"q\"}").imported == 1);
  CHECK_NOTHROW(place.sql(kCheckIndex));
}

TEST_CASE("trace import: a store whose row numbers are used up is refused and stays as it is") {
  Place place;
  REQUIRE(create_trace_database(place.store).ok());
  std::string table(kTraceSchema[1]);
  constexpr std::string_view kAscending = "AUTOINCREMENT";
  table.erase(table.find(kAscending), kAscending.size());
  place.sql("DROP TABLE traces");
  place.sql(table);
  place.sql(std::string(kTraceSchema.back()));
  place.sql("INSERT INTO traces(id, trace_id) VALUES (9223372036854775807, 'last')");
  const auto file = place.directory.write("given", "{\"query\":\"one\"}\n{\"query\":\"two\"}");
  const auto report = import_traces(place.store, {file.string()}, {});
  REQUIRE(!report.ok());
  CHECK(has(report.error().message, "no row numbers left"));
  CHECK(place.count() == 1);
  CHECK_NOTHROW(place.sql(kCheckIndex));
}

TEST_CASE("trace import: a store without a search index gets none") {
  Place place;
  REQUIRE(create_trace_database(place.store).ok());
  place.sql("DROP TRIGGER traces_fts_ai");
  place.sql("DROP TABLE traces_fts");
  CHECK(place.import("{\"query\":\"blue whale\"}\n{\"query\":\"red\"}").imported == 2);
  CHECK((*TraceStore::open(place.store))->search("whale", 5)->size() == 1);
}

TEST_CASE("trace import: a search index without its trigger is left as it is") {
  Place place;
  REQUIRE(create_trace_database(place.store).ok());
  place.sql("DROP TRIGGER traces_fts_ai");
  CHECK(place.import("{\"query\":\"blue whale\"}").imported == 1);
  CHECK(place.number("SELECT count(*) FROM traces_fts WHERE traces_fts MATCH 'whale'") == 0);
}

TEST_CASE("trace import: index, trigger and settings are as if every row had come alone") {
  Place place;
  const std::string schema = "SELECT group_concat(type || name || sql, ';') FROM sqlite_master";
  const std::string settings = "SELECT group_concat(k || '=' || v, ';') FROM traces_fts_config";
  REQUIRE(insert_traces(place.store, {made("before")}).ok());
  const std::string schema_before = place.text(schema), settings_before = place.text(settings);
  constexpr int kRecords = 20000;
  std::string lines;
  for (int i = 0; i < kRecords; ++i)
    lines += "{\"trace_id\":\"t" + std::to_string(i) + "\",\"query\":\"whale number" +
             std::to_string(i) + "\"}\n";
  CHECK(place.import(lines + lines).already_there == kRecords);
  REQUIRE(insert_traces(place.store, {made("after")}).ok());
  CHECK(place.count() == kRecords + 2);
  CHECK_NOTHROW(place.sql(kCheckIndex));
  const auto matches = [&](const std::string& word) {
    return place.number("SELECT count(*) FROM traces_fts WHERE traces_fts MATCH '" + word + "'");
  };
  CHECK(matches("whale") == kRecords);
  CHECK(matches("number19999") == 1);
  CHECK(matches("after") == 1);
  CHECK(place.text(schema) == schema_before);
  CHECK(place.text(settings) == settings_before);
}

TEST_CASE("trace import: a new store is private and searchable") {
  Place place;
  place.import("{\"query\":\"zebra crossing\"}");
  struct stat facts {};
  REQUIRE(::stat(place.store.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  CHECK((*TraceStore::open(place.store))->search("zebra", 5)->size() == 1);
}

TEST_CASE("trace import: another traces.db is read without a change, and never the store itself") {
  Place place;
  const fs::path other = place.directory.path() / "other.db";
  REQUIRE(create_trace_database(other).ok());
  std::vector<Trace> traces;
  for (int i = 0; i < 300; ++i) {
    traces.push_back(made("t" + std::to_string(i)));
    for (int k = 0; k < i % 4; ++k)
      traces.back().steps.push_back({k, "tool_call", 1, 1, {}, {}, {}});
  }
  traces[5].feedback = 7;
  REQUIRE(insert_traces(other, traces).ok());
  const std::string before = place.directory.read("other.db");
  const ImportReport report = place.import_files({other.string()});
  CHECK(report.imported == 299);
  CHECK(report.bad_count == 1);
  CHECK(report.bad[0].line == 6);
  CHECK(place.get("t7").steps.size() == 3);
  CHECK(place.directory.read("other.db") == before);
  CHECK(has(reason(place.import_files({place.store.string()})), "the store itself"));
  CHECK(place.import_files({other.string()}).already_there == 299);
}

TEST_CASE("trace export: filters, and a file that appears whole and private") {
  Place place;
  Trace rated = made("rated");
  rated.feedback = 0.9;
  REQUIRE(insert_traces(place.store, {rated, made("unrated")}).ok());
  TraceFilter filter;
  filter.min_feedback = 0.5;
  const fs::path file = place.directory.path() / "out.jsonl";
  const auto count = export_traces(place.store, filter, file);
  REQUIRE(count.ok());
  CHECK(*count == 1);
  struct stat facts {};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  CHECK(has(place.directory.read("out.jsonl"), "\"trace_id\":\"rated\""));
  CHECK(export_traces(place.store, filter, place.store).error().kind == ErrorKind::refused);
  CHECK(!export_traces(place.store, filter, place.directory.path() / "no" / "where").ok());
  CHECK(*export_traces(place.directory.path() / "absent.db", {}, file) == 0);
}
