#include "core/home/traces/trace_store.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <thread>

#include "core/home/traces/trace_writer.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

Trace made(const std::string& id, double started_at, std::optional<double> feedback = {},
           const std::string& query = "what is up?") {
  Trace trace;
  trace.id = id;
  trace.query = query;
  trace.agent = "native_react";
  trace.result = "the answer";
  trace.feedback = feedback;
  trace.started_at = started_at;
  return trace;
}

std::filesystem::path store_with(const TemporaryDirectory& home, const std::vector<Trace>& traces) {
  const auto path = home.path() / "traces.db";
  REQUIRE(create_trace_database(path).ok());
  REQUIRE(insert_traces(path, traces).ok());
  return path;
}

void run_sql(const std::filesystem::path& path, const std::string& sql) {
  Poco::Data::SQLite::Connector::registerConnector();
  Poco::Data::Session session("SQLite", path.string());
  session << sql, Poco::Data::Keywords::now;
}

std::vector<std::string> ids_of(const Result<std::vector<Trace>>& traces) {
  REQUIRE(traces.ok());
  std::vector<std::string> ids;
  for (const Trace& trace : *traces) ids.push_back(trace.id);
  return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("traces: a file that is no database is refused by name") {
  TemporaryDirectory home;
  const auto path = home.write("traces.db", std::string(4096, 'x'));
  const auto opened = TraceStore::open(path);
  REQUIRE(!opened.ok());
  CHECK(opened.error().kind == ErrorKind::invalid);
  CHECK(opened.error().message.find("traces.db") != std::string::npos);
}

TEST_CASE("traces: a truncated database is an error and never a crash") {
  TemporaryDirectory home;
  std::vector<Trace> traces;
  for (int i = 0; i < 200; ++i)
    traces.push_back(made("trace" + std::to_string(i), i, 1.0, std::string(500, 'q')));
  const auto path = store_with(home, traces);
  std::filesystem::resize_file(path, 8192);
  const auto opened = TraceStore::open(path);
  if (opened.ok()) CHECK(!(*opened)->list({}).ok());
}

TEST_CASE("traces: a directory in the place of the database is refused") {
  TemporaryDirectory home;
  std::filesystem::create_directory(home.path() / "traces.db");
  CHECK(!TraceStore::open(home.path() / "traces.db").ok());
}

TEST_CASE("traces: a database with other tables is refused and says what is missing") {
  TemporaryDirectory home;
  const auto path = home.path() / "traces.db";
  SUBCASE("no tables at all") {
    home.write("traces.db", "");
    CHECK(TraceStore::open(path).error().message.find("no table 'traces'") != std::string::npos);
  }
  SUBCASE("a column is missing") {
    run_sql(path, "CREATE TABLE traces(id INTEGER, trace_id TEXT, query TEXT)");
    CHECK(TraceStore::open(path).error().message.find("lacks: agent, model") != std::string::npos);
  }
  SUBCASE("the layout of the Rust port") {
    run_sql(path,
            "CREATE TABLE traces(trace_id TEXT PRIMARY KEY, steps_json TEXT, metadata_json TEXT)");
    CHECK(TraceStore::open(path).error().message.find("Rust") != std::string::npos);
  }
}

TEST_CASE("traces: a store that does not exist yet is empty") {
  TemporaryDirectory home;
  const auto path = home.path() / "traces.db";
  const auto store = TraceStore::open(path);
  REQUIRE(store.ok());
  CHECK(*(*store)->count() == 0);
  CHECK(ids_of((*store)->list({})).empty());
  CHECK((*store)->get("a").error().kind == ErrorKind::not_found);
  SUBCASE("and is seen as soon as it is made") {
    store_with(home, {made("a", 1)});
    CHECK(*(*store)->count() == 1);
  }
}

TEST_CASE("traces: reading changes no byte of the database") {
  TemporaryDirectory home;
  const auto path = store_with(home, {made("a", 1)});
  const std::string before = home.read("traces.db");
  const auto store = TraceStore::open(path);
  CHECK((*store)->list({}).ok());
  CHECK((*store)->search("answer", 5).ok());
  CHECK(home.read("traces.db") == before);
}

TEST_CASE("traces: no input is a syntax error for the search") {
  TemporaryDirectory home;
  const auto path = store_with(home, {made("a", 1, {}, "don't use state-of-the-art \"quotes\"")});
  const auto store = std::move(*TraceStore::open(path));
  for (const char* words : {"\"", "don't", "a AND", "NOT", "(", "*", "-", "col:x", "NEAR(", "^",
                            "{}", "", "—", "\xff", "'; DROP TABLE traces; --"})
    CHECK_MESSAGE(store->search(words, 5).ok(), words);
  CHECK(ids_of(store->search("state-of-the-art", 5)) == Ids{"a"});
  CHECK(ids_of(store->search("quotes - don't", 5)) == Ids{"a"});
  CHECK(ids_of(store->search("quotes elephant", 5)).empty());
}

TEST_CASE("traces: filters apply before the limit, newest first") {
  TemporaryDirectory home;
  const auto path = store_with(home, {made("old-bad", 1, 0.1), made("old-good", 2, 0.9),
                                      made("new-bad", 3, 0.2), made("unrated", 4)});
  const auto store = std::move(*TraceStore::open(path));
  TraceFilter filter;
  filter.limit = 1;
  CHECK(ids_of(store->list(filter)) == Ids{"unrated"});
  filter.min_feedback = 0.7;
  CHECK(ids_of(store->list(filter)) == Ids{"old-good"});
  filter = {};
  filter.limit = -1;
  filter.max_feedback = 0.3;
  CHECK(ids_of(store->list(filter)) == Ids{"new-bad", "old-bad"});
  filter = {};
  filter.rated_only = true;
  CHECK(ids_of(store->list(filter)) == Ids{"new-bad", "old-good", "old-bad"});
  filter = {};
  filter.agent = "nobody";
  CHECK(ids_of(store->list(filter)).empty());
  filter = {};
  filter.outcome = "error";
  CHECK(ids_of(store->list(filter)).empty());
  CHECK(ids_of(store->search("answer", 2)) == Ids{"unrated", "new-bad"});
}

TEST_CASE("traces: what began in a span of time, oldest or newest first") {
  TemporaryDirectory home;
  std::vector<Trace> traces;
  for (int i = 0; i < 10; ++i) traces.push_back(made("t" + std::to_string(i), i));
  const auto store = *TraceStore::open(store_with(home, traces));
  TraceFilter filter;
  filter.since = 3;
  filter.until = 7;
  CHECK(ids_of(store->list(filter)) == Ids{"t6", "t5", "t4", "t3"});
  filter.limit = 2;
  CHECK(ids_of(store->list(filter)) == Ids{"t6", "t5"});
  filter.oldest_first = true;
  CHECK(ids_of(store->list(filter)) == Ids{"t3", "t4"});
  filter.until = 3;
  CHECK(ids_of(store->list(filter)).empty());
}

TEST_CASE("traces: ratings are small, and those of unrated traces are none") {
  TemporaryDirectory home;
  Trace rated = made("rated", 2, 0.25, std::string(5000, 'q'));
  rated.metadata = json::parse(R"({"feedback_source": "judge"})");
  rated.result = std::string(100000, 'r');
  const auto path = store_with(home, {made("early", 1, 1), rated, made("unrated", 3)});
  for (const bool with_index : {true, false}) {
    if (!with_index) run_sql(path, "DROP INDEX IF EXISTS jarvis_traces_rated");
    const auto store = *TraceStore::open(path);
    const auto ratings = store->ratings({});
    CHECK(ids_of(ratings) == Ids{"rated", "early"});
    const Trace& first = ratings->front();
    CHECK(first.query == std::string(2000, 'q'));
    CHECK(first.result.empty());
    CHECK(first.agent == "native_react");
    CHECK(first.feedback == 0.25);
    CHECK(first.started_at == 2);
    CHECK(first.metadata == rated.metadata);
    TraceFilter since;
    since.since = 1.5;
    CHECK(ids_of(store->ratings(since)) == Ids{"rated"});
  }
}

TEST_CASE("traces: an id may be shortened to a unique prefix") {
  TemporaryDirectory home;
  const auto path =
      store_with(home, {made("abc1", 1), made("abc2", 2), made("abc", 3), made("x%y", 4)});
  const auto store = std::move(*TraceStore::open(path));
  CHECK(store->get("abc1")->id == "abc1");
  CHECK(store->get("abc")->id == "abc");
  CHECK(store->get("x")->id == "x%y");
  CHECK(store->get("%").error().kind == ErrorKind::not_found);
  CHECK(store->get("").error().kind == ErrorKind::not_found);
  const auto two = store->get("ab");
  REQUIRE(!two.ok());
  CHECK(two.error().message.find("abc, abc1, abc2") != std::string::npos);
}

TEST_CASE("traces: what is written is read back, with steps, NUL and wrong bytes") {
  TemporaryDirectory home;
  Trace trace = made("a", 1.5, 0.25, std::string("nul\0here", 8));
  trace.result = "bad \xff\xc0\x80 bytes \xed\xa0\x80";
  trace.outcome = "error";
  trace.total_tokens = 7;
  trace.metadata = {{"k", "v"}};
  trace.messages = json::array{{{"role", "user"}}};
  trace.steps = {{1, "respond", 3, 0.5, {}, {{"content", "y"}}, {}},
                 {0, "generate", 2, 0.5, {}, {}, {}}};
  const auto store = std::move(*TraceStore::open(store_with(home, {trace})));
  const Result<Trace> read = store->get("a");
  REQUIRE(read.ok());
  CHECK(read->query == trace.query);
  CHECK(read->result ==
        "bad \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD bytes \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(read->outcome == trace.outcome);
  CHECK(read->feedback == trace.feedback);
  CHECK(read->total_tokens == 7);
  CHECK(read->metadata == trace.metadata);
  CHECK(read->messages == trace.messages);
  REQUIRE(read->steps.size() == 2);
  CHECK(read->steps[0].type == "generate");
  CHECK(read->steps[1].output.at("content") == "y");
  CHECK(store->list({})->at(0).steps.empty());
}

TEST_CASE("fault: an older database schema of traces.db: read, and so is JSON that is none") {
  TemporaryDirectory home;
  const auto path = store_with(home, {made("a", 1)});
  run_sql(path, "UPDATE traces SET metadata = 'not json'");
  run_sql(path, "ALTER TABLE traces DROP COLUMN messages");
  const auto store = std::move(*TraceStore::open(path));
  CHECK(store->get("a")->messages == json::array());
  CHECK(store->get("a")->metadata == "not json");
  CHECK(insert_traces(path, {made("b", 2)}).ok());
}

TEST_CASE("traces: a database without the search index is searched word by word") {
  TemporaryDirectory home;
  const auto path = store_with(home, {made("a", 1, {}, "Blue whale"), made("b", 2, {}, "blue")});
  run_sql(path, "DROP TRIGGER traces_fts_ai");
  run_sql(path, "DROP TABLE traces_fts");
  const auto store = std::move(*TraceStore::open(path));
  CHECK(ids_of(store->search("WHALE blue", 5)) == Ids{"a"});
}

TEST_CASE("traces: a trigger that nobody knows stops every write") {
  TemporaryDirectory home;
  const auto path = store_with(home, {made("a", 1)});
  run_sql(path, "CREATE TRIGGER evil AFTER UPDATE ON traces BEGIN DELETE FROM traces; END");
  const auto written = set_feedback(path, "a", 1.0);
  REQUIRE(!written.ok());
  CHECK(written.error().message.find("'evil'") != std::string::npos);
  CHECK(*(*TraceStore::open(path))->count() == 1);
}

TEST_CASE(
    "traces: feedback outside 0..1, for nobody, or a doubled id is refused and changes nothing") {
  TemporaryDirectory home;
  const auto path = store_with(home, {made("a", 1, 0.5)});
  CHECK(!set_feedback(path, "a", 1.5).ok());
  CHECK(set_feedback(path, "b", 1.0).error().kind == ErrorKind::not_found);
  CHECK(!insert_traces(path, {made("new", 2), made("a", 3)}).ok());
  const auto store = std::move(*TraceStore::open(path));
  CHECK(*store->count() == 1);
  CHECK(store->get("a")->feedback == 0.5);
  CHECK(set_feedback(path, "a", 1.0).ok());
  CHECK(store->get("a")->feedback == 1.0);
  CHECK(set_feedback(path, "a", {}).ok());
  CHECK(!store->get("a")->feedback);
}

TEST_CASE("traces: a new database is private, and its search index stays whole") {
  TemporaryDirectory home;
  const auto path = store_with(home, {made("a", 1), made("b", 2)});
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  CHECK(!create_trace_database(path).ok());
  CHECK_NOTHROW(
      run_sql(path, "INSERT INTO traces_fts(traces_fts, rank) VALUES('integrity-check', 1)"));
}

TEST_CASE("traces: a path with characters that mean something in a URI is opened") {
  TemporaryDirectory home;
  const auto path = home.path() / "a b?c#d%41.db";
  REQUIRE(create_trace_database(path).ok());
  REQUIRE(insert_traces(path, {made("a", 1)}).ok());
  CHECK(*(*TraceStore::open(path))->count() == 1);
}

TEST_CASE("traces: many threads read one store") {
  TemporaryDirectory home;
  const auto store = std::move(*TraceStore::open(store_with(home, {made("a", 1), made("b", 2)})));
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        if (store->list({})->size() != 2 || store->get("a")->id != "a") std::abort();
      }
    });
}
