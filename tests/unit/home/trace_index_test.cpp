#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <doctest/doctest.h>

#include <algorithm>

#include "core/home/traces/trace_schema.hpp"
#include "core/home/traces/trace_store.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;
using namespace Poco::Data::Keywords;

namespace {

Trace made(const std::string& id, double started_at, const std::string& query,
           std::optional<double> feedback = {}) {
  Trace trace;
  trace.id = id;
  trace.query = query;
  trace.agent = started_at < 100 ? "simple" : "native_react";
  trace.result = "the answer";
  trace.feedback = feedback;
  trace.started_at = started_at;
  trace.metadata = {{"n", started_at}};
  return trace;
}

std::filesystem::path store_with(const TemporaryDirectory& home, const std::vector<Trace>& traces) {
  const auto path = home.path() / "traces.db";
  REQUIRE(create_trace_database(path).ok());
  REQUIRE(insert_traces(path, traces).ok());
  return path;
}

Poco::Data::Session connection_to(const std::filesystem::path& path) {
  Poco::Data::SQLite::Connector::registerConnector();
  return Poco::Data::Session("SQLite", path.string());
}

int number_in(const std::filesystem::path& path, const std::string& sql) {
  int number = -1;
  auto session = connection_to(path);
  session << sql, into(number), now;
  return number;
}

int indexes_in(const std::filesystem::path& path) {
  return number_in(path, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'jarvis_%'");
}

std::unique_ptr<TraceStore> opened(const std::filesystem::path& path) {
  auto store = TraceStore::open(path);
  if (!store) FAIL(store.error().message);
  return *std::move(store);
}

std::vector<std::string> ids_of(const Result<std::vector<Trace>>& traces) {
  REQUIRE(traces.ok());
  std::vector<std::string> ids;
  for (const Trace& trace : *traces) ids.push_back(trace.id);
  return ids;
}

using Ids = std::vector<std::string>;

/** The ids of those with the word, newest first; of equals the last written. */
Ids newest_with(const std::vector<Trace>& traces, const std::string& word, std::size_t limit) {
  std::vector<std::pair<double, std::size_t>> found;
  for (std::size_t i = 0; i < traces.size(); ++i)
    if (traces[i].query.find(word) != std::string::npos)
      found.emplace_back(traces[i].started_at, i);
  std::sort(found.rbegin(), found.rend());
  Ids ids;
  for (std::size_t i = 0; i < std::min(limit, found.size()); ++i)
    ids.push_back(traces[found[i].second].id);
  return ids;
}

/** Half of them common, every hundredth rare; started in the order they were written, but for one
 * in ten. */
std::vector<Trace> many(int count, double from = 1000) {
  std::vector<Trace> traces;
  for (int i = 0; i < count; ++i) {
    const std::string query = std::string(i % 2 == 0 ? "common" : "other") +
                              (i % 100 == 50 ? " rare" : "") + " words " + std::to_string(i);
    traces.push_back(made(std::to_string(from) + "-" + std::to_string(i),
                          from + i - (i % 10 == 3 ? 25 : 0), query,
                          i % 3 == 0 ? std::optional(i % 11 / 10.0) : std::nullopt));
  }
  return traces;
}

}  // namespace

TEST_CASE("trace indexes: where there is no store none is made") {
  TemporaryDirectory home;
  CHECK(index_traces(home.path() / "traces.db").ok());
  CHECK(!std::filesystem::exists(home.path() / "traces.db"));
}

TEST_CASE("trace indexes: a file that is no database is refused and stays as it is") {
  TemporaryDirectory home;
  const auto path = home.write("traces.db", std::string(4096, 'x'));
  CHECK(index_traces(path).error().kind == ErrorKind::invalid);
  CHECK(home.read("traces.db") == std::string(4096, 'x'));
}

TEST_CASE("trace indexes: other tables and an unknown trigger are left alone") {
  TemporaryDirectory home;
  const auto path = store_with(home, {made("a", 1, "x")});
  connection_to(path) << "CREATE TRIGGER evil AFTER UPDATE ON traces BEGIN SELECT 1; END", now;
  CHECK(index_traces(path).error().message.find("'evil'") != std::string::npos);
  CHECK(indexes_in(path) == 0);
  const auto other = home.path() / "other.db";
  connection_to(other) << "CREATE TABLE traces(id INTEGER PRIMARY KEY)", now;
  CHECK(index_traces(other).error().kind == ErrorKind::invalid);
}

TEST_CASE("trace indexes: while another program writes they wait for another time") {
  TemporaryDirectory home;
  const auto path = store_with(home, {made("a", 1, "x")});
  {
    auto other = connection_to(path);
    other << "BEGIN IMMEDIATE", now;
    CHECK(index_traces(path).error().kind == ErrorKind::retryable);
    other << "COMMIT", now;
  }
  CHECK(indexes_in(path) == 0);
  CHECK(ids_of(opened(path)->list({})) == Ids{"a"});
  CHECK(index_traces(path).ok());
  CHECK(indexes_in(path) == static_cast<int>(kTraceIndexes.size()));
}

TEST_CASE("trace indexes: are made once, and then nothing is written") {
  TemporaryDirectory home;
  const auto path = store_with(home, many(50));
  REQUIRE(index_traces(path).ok());
  const std::string before = home.read("traces.db");
  REQUIRE(index_traces(path).ok());
  CHECK(home.read("traces.db") == before);
}

TEST_CASE("trace indexes: columns, rows and the search index of other programs stay as they are") {
  TemporaryDirectory home;
  const auto path = store_with(home, many(50));
  connection_to(path) << "ALTER TABLE traces ADD COLUMN of_a_later_version TEXT DEFAULT 'x'", now;
  const auto digest = [&] {
    return number_in(path, "SELECT count(*) * 1000 + total(length(query)) FROM traces") +
           number_in(path, "SELECT count(*) FROM pragma_table_info('traces')");
  };
  const int before = digest();
  REQUIRE(index_traces(path).ok());
  CHECK(digest() == before);
  CHECK(number_in(path, "SELECT count(*) FROM pragma_table_info('traces')") == 16);
  std::string answer;
  connection_to(path) << "PRAGMA integrity_check", into(answer), now;
  CHECK(answer == "ok");
  connection_to(path) << "INSERT INTO traces_fts(traces_fts, rank) VALUES('integrity-check', 1)",
      now;
  CHECK(insert_traces(path, {made("later", 9999, "written afterwards")}).ok());
  CHECK(ids_of(opened(path)->search("afterwards", 5)) == Ids{"later"});
}

TEST_CASE("trace indexes: what is listed and found is the same without and with them") {
  TemporaryDirectory home;
  std::vector<Trace> traces = many(1500);
  SUBCASE("in the order of writing") {}
  SUBCASE("after an import of older traces") {
    const auto older = many(1200, 10);
    traces.insert(traces.end(), older.begin(), older.end());
  }
  SUBCASE("after an import of newer traces") {
    const auto newer = many(400, 90000);
    traces.insert(traces.begin(), newer.begin(), newer.end());
  }
  const auto path = store_with(home, traces);
  for (const bool indexed : {false, true}) {
    CAPTURE(indexed);
    if (indexed) REQUIRE(index_traces(path).ok());
    const auto store = opened(path);
    for (const std::size_t limit : {1u, 20u, 160u, 100000u}) {
      const auto signed_limit = static_cast<std::int64_t>(limit);
      for (const std::string word : {"common", "rare", "words", "nowhere"}) {
        CAPTURE(word);
        CHECK(ids_of(store->search(word, signed_limit)) == newest_with(traces, word, limit));
      }
      TraceFilter filter;
      filter.limit = signed_limit;
      CHECK(ids_of(store->list(filter)) == newest_with(traces, "", limit));
      filter.rated_only = true;
      filter.max_feedback = 0.3;
      std::vector<Trace> failed;
      for (const Trace& trace : traces)
        if (trace.feedback.value_or(1) <= 0.3) failed.push_back(trace);
      CHECK(ids_of(store->list(filter)) == newest_with(failed, "", limit));
    }
  }
}

TEST_CASE("traces: rows that are gone but still in the search index do not hide others") {
  TemporaryDirectory home;
  const std::vector<Trace> traces = many(1500);
  const auto path = store_with(home, traces);
  REQUIRE(index_traces(path).ok());
  connection_to(path) << "DELETE FROM traces WHERE id > 500", now;
  const auto store = opened(path);
  const std::vector<Trace> left(traces.begin(), traces.begin() + 500);
  CHECK(ids_of(store->search("common", 20)) == newest_with(left, "common", 20));
}

TEST_CASE(
    "traces: a scan hands over all that match, whatever the limit, until it is told to stop") {
  TemporaryDirectory home;
  const std::vector<Trace> traces = many(300);
  const auto store = opened(store_with(home, traces));
  TraceFilter filter;
  filter.rated_only = true;
  filter.limit = 1;
  std::size_t seen = 0;
  REQUIRE(store
              ->scan(filter,
                     [&](const Trace& trace) {
                       CHECK(trace.feedback);
                       CHECK(trace.metadata.at("n") == trace.started_at);
                       CHECK(trace.result == "the answer");
                       ++seen;
                       return true;
                     })
              .ok());
  CHECK(seen == 100);
  seen = 0;
  REQUIRE(store->scan({}, [&](const Trace&) { return ++seen < 7; }).ok());
  CHECK(seen == 7);
  CHECK(store->list({})->size() == 20);
  const auto none = opened(home.path() / "none.db");
  CHECK(none->scan({}, [](const Trace&) { return true; }).ok());
}

TEST_CASE("traces: what is found by its id alone has no steps, and a beginning of an id is none") {
  TemporaryDirectory home;
  Trace trace = made("abc1", 1, std::string("ten megabytes\0", 14) + std::string(10 << 20, 'q'));
  trace.steps = {{0, "generate", 2, 0.5, {}, {}, {}}};
  const auto store = opened(store_with(home, {trace}));
  const auto found = store->find("abc1");
  REQUIRE(found);
  CHECK(found->query == trace.query);
  CHECK(found->steps.empty());
  CHECK(store->find("abc").error().kind == ErrorKind::not_found);
}
