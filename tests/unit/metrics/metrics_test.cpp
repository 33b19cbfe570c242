#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "core/base/atomic_file.hpp"
#include "core/daemon/state.hpp"
#include "core/home/paths.hpp"
#include "core/metrics/home_metrics.hpp"
#include "core/session/record/review_queue.hpp"
#include "core/session/record/session_store.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/metrics/exposition_reader.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

class ClockAt : public Clock {
 public:
  double now() const override { return time_of_iso8601("2026-06-01T04:00:00Z"); }
};

std::string settled(const std::string& purpose, double usd) {
  return json::serialize(
      json::object{{"event", "settle"}, {"session", "s"}, {"purpose", purpose}, {"usd", usd}});
}

struct MeasuredHome {
  TemporaryDirectory directory;
  fs::path path = directory.path() / "home";
  ClockAt clock;

  MeasuredHome() { fs::create_directory(path); }
  void append(const char* file, const std::string& text) const {
    fs::create_directories((path / file).parent_path());
    std::ofstream(path / file, std::ios::app) << text;
  }
};

}  // namespace

TEST_CASE("metrics: a label's text cannot end it, and what cannot be seen is made visible") {
  Exposition out;
  out.gauge("x", "Back\\slash.\nAnd more");
  out.sample(1, {{"a", "q\"uo\\te\nline"}, {"b", "\x1b[2J"}});
  const ExpositionReader read(out.text());
  CHECK(out.text().find("# HELP jarvis_learning_x Back\\\\slash. And more\n") == 0);
  CHECK(out.text().find(R"(a="q\"uo\\te line")") != std::string::npos);
  CHECK(out.text().find('\x1b') == std::string::npos);
}

TEST_CASE("metrics: figures keep their digits in every locale's place") {
  Exposition out;
  out.gauge("x", "X.");
  for (const auto& [value, label] :
       std::map<double, std::string>{{0.1, "a"}, {1e300, "b"}, {-2, "c"}, {1234567890123, "d"}})
    out.sample(value, {{"of", label}});
  const ExpositionReader read(out.text());
  CHECK(read.at("x{of=\"a\"}") == 0.1);
  CHECK(read.at("x{of=\"b\"}") == 1e300);
  CHECK(read.at("x{of=\"d\"}") == 1234567890123);
}

TEST_CASE("metrics: an empty home has figures") {
  const MeasuredHome home;
  const ExpositionReader read(HomeMetrics(home.path, home.clock, "1.2.3").text());
  CHECK(read.at("build_info{version=\"1.2.3\"}") == 1);
  CHECK(read.at("daemon_up") == 0);
  CHECK(read.at("sessions{status=\"failed\"}") == 0);
  CHECK(read.at("spent_usd_total{purpose=\"judge\"}") == 0);
  CHECK(read.at("traces") == 0);
  CHECK(read.at("review_queue") == 0);
  CHECK(!read.has("last_session_age_seconds"));
  CHECK(!read.has("benchmark_score"));
}

TEST_CASE("metrics: sessions and edits are counted by what became of them") {
  const MeasuredHome home;
  const Session session = full_session();
  REQUIRE(SessionStore(home.path).save(session));
  Session failed = full_session("session-20260601T020000_00000001");
  failed.started_at = "2026-06-01T02:00:00Z";
  failed.status = SessionStatus::failed;
  failed.outcomes.resize(1);
  failed.outcomes[0].harm = "feedback fell";
  REQUIRE(SessionStore(home.path).save(failed));
  REQUIRE(ReviewQueue(home.path).add({session.id, session.outcomes[1].edit, "waits", "", "abc"}));
  const ExpositionReader read(HomeMetrics(home.path, home.clock, "1").text());
  CHECK(read.at("sessions{status=\"awaiting_review\"}") == 1);
  CHECK(read.at("sessions{status=\"failed\"}") == 1);
  CHECK(read.at("edits{status=\"applied\",op=\"set_agent_param\"}") == 2);
  CHECK(read.at("edits{status=\"rejected_by_gate\",op=\"set_agent_param\"}") == 1);
  CHECK(read.at("watch_alarms_total") == 1);
  CHECK(read.at("last_session_age_seconds") == 3600);
  CHECK(read.at("review_queue") == 1);
}

TEST_CASE("metrics: no text of a teacher, a trace or an error gets into a label") {
  const MeasuredHome home;
  Session session = full_session();
  session.error = "Zwieback-7";
  session.trigger.kind = "Zwieback-7";
  for (EditOutcome& outcome : session.outcomes) {
    outcome.edit.op = "Zwieback-7 {\"}";
    outcome.error = outcome.diff = "Zwieback-7";
  }
  session.outcomes.back().edit.op = "zwieback-7";  // skipped: no plugin knew it
  REQUIRE(SessionStore(home.path).save(session));
  home.append(kLedgerFile, settled("Zwieback-7", 1) + "\n");
  DaemonState state;
  state.working = state.config_error = "Zwieback-7";
  REQUIRE(save_daemon_state(home.path, state));
  const std::string text = HomeMetrics(home.path, home.clock, "1").text();
  const ExpositionReader read(text);
  CHECK(text.find("wieback") == std::string::npos);
  CHECK(read.at("edits{status=\"skipped\",op=\"other\"}") == 1);
  CHECK(read.at("spent_usd_total{purpose=\"other\"}") == 1);
}

TEST_CASE("metrics: what was spent follows a ledger that grows, is torn, and is put away") {
  const MeasuredHome home;
  HomeMetrics metrics(home.path, home.clock, "1");
  const auto judged = [&] {
    return ExpositionReader(metrics.text()).at("spent_usd_total{purpose=\"judge\"}");
  };
  home.append(kLedgerFile, settled("judge", 0.5) + "\n");
  CHECK(judged() == 0.5);
  CHECK(judged() == 0.5);
  const std::string second = settled("judge", 0.25);
  home.append(kLedgerFile, "no line\n" + second.substr(0, 20));
  CHECK(judged() == 0.5);
  home.append(kLedgerFile, second.substr(20) + "\n");
  CHECK(judged() == 0.75);
  REQUIRE(write_file_atomically(home.path / kLedgerFile, settled("judge", 2) + "\n"));
  CHECK(judged() == 2);
}

TEST_CASE("metrics: traces are counted again when there are more, and when the threshold moves") {
  const MeasuredHome home;
  std::vector<Trace> traces;
  for (std::size_t i = 0; i < 10; ++i) traces.push_back(made_up_trace(i, 50));
  traces[0].feedback = 0.8;
  traces[1].feedback.reset();
  make_home(home.path, config_for_models("http://127.0.0.1:9"), traces);
  HomeMetrics metrics(home.path, home.clock, "1");
  const ExpositionReader first(metrics.text());
  CHECK(first.at("traces") == 10);
  CHECK(first.at("traces_rated") == 9);
  set_config(home.path, {"learning", "distillation", "benchmark", "synthesis_feedback_threshold"},
             0.9);
  const ExpositionReader second(metrics.text());
  CHECK(second.at("traces_liked") == first.at("traces_liked") - 1);
  CHECK(second.at("readable{part=\"traces\"}") == 1);
}

TEST_CASE("metrics: a part that cannot be read is left out, and said to be so") {
  const MeasuredHome home;
  home.append(kTracesFile, std::string(8192, 'x'));
  home.append("learning/benchmarks/personal_v1.json", "{");
  home.append("learning/sessions/session-1/session.json", "{");
  home.append(kDaemonStateFile, "{");
  const ExpositionReader read(HomeMetrics(home.path, home.clock, "1").text());
  for (const char* part : {"traces", "benchmark", "sessions", "daemon"})
    CHECK_MESSAGE(read.at("readable{part=\"" + std::string(part) + "\"}") == 0, part);
  CHECK(!read.has("traces"));
  CHECK(!read.has("benchmark_tasks"));
  CHECK(read.at("sessions{status=\"completed\"}") == 0);
}
