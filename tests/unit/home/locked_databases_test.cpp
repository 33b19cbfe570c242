// Databases that another program holds. How long is a matter of proportion: what is waited for in
// the product, 5 s and 30 s, is shortened here.
#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "core/home/evaluations/evaluation_database.hpp"
#include "core/home/traces/trace_store.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "core/home/traces/writable_traces.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;
using Poco::Data::Keywords::now;
using std::chrono::milliseconds;
using std::chrono::seconds;
namespace fs = std::filesystem;

namespace {

constexpr milliseconds kShort(20);

class StillClock : public Clock {
 public:
  double now() const override { return 1000; }
};

/** Another program's transaction. */
class Holder {
 public:
  explicit Holder(const fs::path& file) : session_(opened(file)) {
    session_ << "BEGIN EXCLUSIVE", now;
  }
  void let_go() { session_ << "ROLLBACK", now; }

 private:
  static Poco::Data::Session opened(const fs::path& file) {
    Poco::Data::SQLite::Connector::registerConnector();
    return {Poco::Data::SQLite::Connector::KEY, file.string()};
  }

  Poco::Data::Session session_;
};

Trace small_trace(const std::string& id) {
  Trace trace;
  trace.id = id;
  trace.query = "q";
  trace.result = "r";
  return trace;
}

RunKey run_of(const std::string& task) {
  RunKey key;
  key.task_id = task;
  return key;
}

}  // namespace

TEST_CASE("fault: SQLite locked for 0.1 or 4 s, less than its patience: written all the same") {
  const TemporaryDirectory home;
  const fs::path traces = home.path() / "traces.db", runs = home.path() / "evaluations.db";
  const StillClock clock;
  REQUIRE(create_trace_database(traces));
  const auto evaluations = EvaluationDatabase::open(runs, clock, seconds(60));
  REQUIRE(evaluations);
  for (const milliseconds held : {milliseconds(20), milliseconds(100)}) {
    Holder of_traces(traces), of_runs(runs);
    std::thread other([&] {
      std::this_thread::sleep_for(held);
      of_traces.let_go();
      of_runs.let_go();
    });
    const std::string id = "t" + std::to_string(held.count());
    const auto inserted = insert_traces(traces, {small_trace(id)});
    const auto kept = (*evaluations)->keep_answer(run_of(id), "s", KeptAnswer{"out", "", {}, {}});
    other.join();
    CHECK(inserted.ok());
    CHECK(kept.ok());
    CHECK((*evaluations)->answer(run_of(id))->has_value());
  }
  CHECK(*(*TraceStore::open(traces))->count() == 2);
}

TEST_CASE("fault: SQLite locked for 60 s, more than its patience: an error, and nothing is lost") {
  const TemporaryDirectory home;
  const fs::path traces = home.path() / "traces.db", runs = home.path() / "evaluations.db";
  const StillClock clock;
  REQUIRE(create_trace_database(traces));
  REQUIRE(insert_traces(traces, {small_trace("there")}));
  const auto evaluations = EvaluationDatabase::open(runs, clock, kShort);
  REQUIRE(evaluations);
  auto store = WritableTraces::open(traces, kShort);
  REQUIRE(store);
  const auto change = [&] {
    return store->change([](Poco::Data::Session& session) -> Result<void> {
      session << "UPDATE traces SET feedback = 1", now;
      return {};
    });
  };
  {
    Holder of_traces(traces), of_runs(runs);
    const auto changed = change();
    const auto kept = (*evaluations)->keep_score({"q", "g", "o", "j"}, "s", 1);
    for (const Result<void>& result : {changed, kept}) {
      REQUIRE_FALSE(result.ok());
      CHECK(result.error().kind == ErrorKind::retryable);
      CHECK(result.error().message.find("is locked by another program") != std::string::npos);
      CHECK(result.error().hint.find("wait") == 0);
    }
    // In WAL mode a writer keeps no reader out.
    CHECK(*(*TraceStore::open(traces))->count() == 1);
  }
  CHECK(change().ok());
  CHECK((*evaluations)->keep_score({"q", "g", "o", "j"}, "s", 1).ok());
  CHECK(**(*evaluations)->score({"q", "g", "o", "j"}) == 1);
}
