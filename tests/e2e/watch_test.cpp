// What happens when feedback falls after an edit that the gate accepted.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/home/traces/trace_writer.hpp"
#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

const std::string kHarm = "feedback fell from 1.00 to 0.";
constexpr double kApplied = 1577880000;  // 2020-01-01 12:00 UTC, long before the made-up traces
constexpr double kHour = 3600;

std::vector<std::string> watch_key(const std::string& name) {
  return {"learning", "distillation", "watch", name};
}

FakeBehaviour planning(json::array edits) {
  FakeBehaviour behaviour;
  behaviour.edits = std::move(edits);
  return behaviour;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/** A home with an edit that the gate accepted in 2020, for questions of the class "math". */
class EditedWorld : public World {
 public:
  EditedWorld() : World(planning(four_edits())) {
    set_config(home, {"learning", "distillation", "triggers", "scheduled_enabled"}, false);
    set_config(home, {"learning", "distillation", "triggers", "cluster_enabled"}, false);
    const auto finished = run({"learning", "run"});
    REQUIRE_MESSAGE(finished.status == 0, finished.out << finished.err);
    const auto document = finished.json();
    session_id = text_at(document, "/session/id");
    edit_id = text_at(document.at("edits").at(1), "/id");
    REQUIRE(text_at(document.at("edits").at(1), "/status") == "applied");
    set_outcome("applied_at", "2020-01-01T12:00:00Z");
  }
  ~EditedWorld() {
    if (daemon_started) run({"learning", "daemon", "stop", "--timeout", "20"});
  }

  /** Sums, one in an hour, rated alike. */
  void rate(int count, double score, double from, const std::string& agent = "simple") {
    std::vector<jarvis::Trace> traces;
    for (int i = 0; i < count; ++i) {
      jarvis::Trace trace;
      trace.id = "rated" + std::to_string(++rated) + agent;
      trace.query = "what is 3 + 4?";
      trace.agent = agent;
      trace.result = "7";
      trace.feedback = score;
      trace.started_at = from + i * kHour;
      trace.metadata = json::object();
      trace.messages = json::array();
      traces.push_back(trace);
    }
    REQUIRE(jarvis::insert_traces(home / "traces.db", traces).ok());
  }
  void let_feedback_fall() {
    rate(90, 1, kApplied - 100 * kHour);
    rate(60, 0, kApplied + kHour);
  }

  std::string session_file() const { return "learning/sessions/" + session_id + "/session.json"; }
  json::object session() const { return json::parse(read(session_file())).as_object(); }
  json::object outcome(std::size_t index = 1) const {
    return session().at("edit_outcomes").as_array().at(index).as_object();
  }
  void set_outcome(const std::string& key, const json::value& value, std::size_t index = 1) const {
    json::object document = session();
    document.at("edit_outcomes").as_array().at(index).as_object()[key] = value;
    write(session_file(), json::serialize(document));
  }
  std::string harm() const { return text_at(outcome(), "/harm"); }
  /** What the session's record says of a fall, line by line. */
  std::vector<std::string> notices() const {
    const json::object document = session();
    std::vector<std::string> found;
    for (const json::value& notice : document.at("notices").as_array())
      if (const std::string line(notice.as_string()); holds(line, kHarm)) found.push_back(line);
    return found;
  }
  json::array watched() const { return run({"learning", "status"}).json().at("watch").as_array(); }
  json::object shown_edit() const {
    return run({"learning", "show", session_id}).json().at("edits").at(1).as_object();
  }

  std::string session_id;
  std::string edit_id;
  int rated = 0;
  bool daemon_started = false;
};

}  // namespace

TEST_CASE("watch: nothing is named where there is no fall that the edit can have made") {
  EditedWorld world;
  SUBCASE("no ratings from before") {
    world.rate(60, 0, kApplied + kHour);
  }
  SUBCASE("no ratings since of who was rated before") {
    world.rate(60, 1, kApplied - 100 * kHour, "coder");
  }
  SUBCASE("bad ratings of another agent than the good ones before") {
    world.rate(60, 1, kApplied - 100 * kHour, "coder");
    world.rate(60, 0, kApplied + kHour, "simple");
  }
  SUBCASE("the edit was taken back") {
    world.let_feedback_fall();
    REQUIRE(world.run({"learning", "rollback", world.session_id}).status == 0);
    CHECK(world.watched().empty());
  }
  SUBCASE("its time cannot be read") {
    world.let_feedback_fall();
    world.set_outcome("applied_at", "last week");
    CHECK(world.watched().empty());
  }
  SUBCASE("it is of another program, without a commit") {
    world.let_feedback_fall();
    world.set_outcome("commit", nullptr);
    CHECK(world.watched().empty());
  }
  SUBCASE("the watch is switched off") {
    world.let_feedback_fall();
    set_config(world.home, watch_key("enabled"), false);
    CHECK(world.watched().empty());
  }
  for (const json::value& finding : world.watched()) CHECK(finding.at("credible") == false);
  CHECK(world.run({"learning", "run"}).status == 0);
  CHECK(world.harm().empty());
  CHECK(world.notices().empty());
}

TEST_CASE("watch: status tells of a fall, and neither it nor a preview changes anything") {
  EditedWorld world;
  world.let_feedback_fall();
  const std::string record = world.read(world.session_file());
  const auto watched = world.watched();
  REQUIRE(watched.size() == 1);
  CHECK(text_at(watched[0], "/session_id") == world.session_id);
  CHECK(watched[0].at("edit_ids") == json::array{json::value(world.edit_id)});
  CHECK(watched[0].at("before") == 1.0);
  CHECK(watched[0].at("after").to_number<double>() < 0.5);
  CHECK(watched[0].at("traces").as_int64() >= 60);
  CHECK(watched[0].at("credible") == true);
  CHECK(watched[0].at("harm").is_null());
  CHECK(holds(world.say({"learning", "status"}).out, world.edit_id + ": " + kHarm));
  set_config(world.home, watch_key("auto_revert"), true);
  CHECK(world.run({"learning", "run", "--preview"}).status == 0);
  CHECK(world.run({"learning", "daemon", "status"}).json().at("watch") == world.watched());
  CHECK(world.read(world.session_file()) == record);
}

TEST_CASE("watch: a fall is named once, and the edit stays, when it is not to be taken back") {
  EditedWorld world;
  world.let_feedback_fall();
  const std::string routed = world.config();
  const auto first = world.say({"learning", "run"});
  CHECK_MESSAGE(first.status == 0, first.out << first.err);
  CHECK(holds(first.err, world.edit_id + ": feedback fell"));
  CHECK(world.config() == routed);
  CHECK(text_at(world.outcome(), "/status") == "applied");
  CHECK(holds(world.harm(), kHarm));
  REQUIRE(world.notices().size() == 1);
  CHECK(holds(world.notices()[0], world.edit_id + ": " + kHarm));
  CHECK(holds(world.notices()[0], "since; 'jarvis learning rollback " + world.session_id + "'"));
  CHECK(!holds(world.say({"learning", "run"}).err, "feedback fell"));
  CHECK(world.notices().size() == 1);
  const auto watched = world.watched();
  REQUIRE(!watched.empty());
  CHECK(watched.back().at("credible") == true);
  CHECK(text_at(watched.back(), "/harm") == world.harm());
  CHECK(text_at(world.shown_edit(), "/harm") == world.harm());
  CHECK(holds(world.say({"learning", "show", world.session_id}).out, "harmful: " + kHarm));
}

TEST_CASE("watch: with auto_revert a fall takes the edit back, and it is not tried again") {
  EditedWorld world;
  world.let_feedback_fall();
  set_config(world.home, watch_key("auto_revert"), true);
  const auto finished = world.run({"learning", "run"});
  CHECK_MESSAGE(finished.status == 0, finished.out << finished.err);
  CHECK(text_at(world.outcome(), "/status") == "rolled_back");
  CHECK(!text_at(world.outcome(), "/revert_commit").empty());
  CHECK(holds(world.harm(), kHarm));
  REQUIRE(world.notices().size() == 1);
  CHECK(holds(world.notices()[0], "since; taken back"));
  CHECK(!holds(world.config(), "student-large\"\n"));
  CHECK(holds(world.config(), "auto_revert = true"));

  // The teacher plans the same again, and knows.
  const auto document = finished.json();
  CHECK(text_at(document.at("edits").at(1), "/status") == "skipped");
  CHECK(holds(text_at(document.at("edits").at(1), "/error"), "it did harm: " + kHarm));
  bool told = false;
  for (const FakeCall& call : world.models.calls())
    told = told || (call.part == FakeCall::Part::plan &&
                    holds(call.request, "was applied and taken back: " + kHarm));
  CHECK(told);
  CHECK(world.watched().empty());
}

TEST_CASE("watch: edits that nobody rated in between are taken back together, newest first") {
  EditedWorld world;
  const std::string prompt_id = text_at(world.outcome(2), "/edit_id");
  const auto approved = world.run({"learning", "approve", prompt_id});
  REQUIRE_MESSAGE(text_at(world.outcome(2), "/status") == "applied", approved.out << approved.err);
  world.set_outcome("applied_at", "2020-01-01T12:00:30Z", 2);
  world.let_feedback_fall();
  const auto watched = world.watched();
  REQUIRE(watched.size() == 1);
  CHECK(watched[0].at("edit_ids") ==
        json::array{json::value(prompt_id), json::value(world.edit_id)});
  set_config(world.home, watch_key("auto_revert"), true);
  const std::size_t before = world.commits().size();
  CHECK(world.run({"learning", "run"}).status == 0);
  REQUIRE(world.notices().size() == 1);
  CHECK(holds(world.notices()[0], prompt_id + ", " + world.edit_id + ": " + kHarm));
  CHECK(holds(world.notices()[0], "since; taken back"));
  for (const std::size_t index : {1, 2}) {
    CHECK(text_at(world.outcome(index), "/status") == "rolled_back");
    CHECK(holds(text_at(world.outcome(index), "/harm"), kHarm));
  }
  const auto commits = world.commits();
  REQUIRE(commits.size() > before + 1);
  const auto reverts = [&](const std::string& id) {
    return std::find_if(commits.begin(), commits.end(), [&](const std::string& message) {
      return holds(message, "learning: roll back") && holds(message, id);
    });
  };
  REQUIRE(reverts(prompt_id) != commits.end());
  CHECK(reverts(world.edit_id) < reverts(prompt_id));
}

TEST_CASE("watch: taking back that was ended in between is gone on with") {
  EditedWorld world;
  world.let_feedback_fall();
  set_config(world.home, watch_key("auto_revert"), true);
  world.set_outcome("harm", json::value(kHarm + "12 on 50 traces"));
  CHECK(world.run({"learning", "run"}).status == 0);
  CHECK(text_at(world.outcome(), "/status") == "rolled_back");
  CHECK(world.harm() == kHarm + "12 on 50 traces");
  REQUIRE(world.notices().size() == 1);
  CHECK(holds(world.notices()[0], "since; taken back"));
}

TEST_CASE("watch: an edit that the user changed since is not taken back, and that is said") {
  EditedWorld world;
  world.let_feedback_fall();
  set_config(world.home, watch_key("auto_revert"), true);
  std::string changed = world.config();
  const std::string line = "math = \"student-large\"";
  REQUIRE(holds(changed, line));
  changed.replace(changed.find(line), line.size(), "math = \"student-poor\"");
  world.write("config.toml", changed);
  CHECK(world.run({"learning", "run"}).status == 0);
  REQUIRE(world.notices().size() == 1);
  CHECK(holds(world.notices()[0], "cannot be taken back: "));
  CHECK(holds(world.notices()[0], "'jarvis learning rollback " + world.session_id + "'"));
  CHECK(holds(world.config(), "math = \"student-poor\""));
  CHECK(text_at(world.outcome(), "/status") == "applied");
  CHECK(holds(world.harm(), kHarm));
  CHECK(world.run({"learning", "run"}).status == 0);
  CHECK(world.notices().size() == 1);
}

TEST_CASE("watch: while learning is switched off nothing is taken back") {
  EditedWorld world;
  world.let_feedback_fall();
  set_config(world.home, watch_key("auto_revert"), true);
  set_config(world.home, {"learning", "distillation", "enabled"}, false);
  CHECK(world.run({"learning", "run"}).status == 1);
  CHECK(text_at(world.outcome(), "/status") == "applied");
  CHECK(world.harm().empty());
}

TEST_CASE("watch: the daemon takes a harmful edit back, with both triggers switched off") {
  EditedWorld world;
  world.let_feedback_fall();
  set_config(world.home, watch_key("auto_revert"), true);
  world.daemon_started = true;
  REQUIRE(world.run({"learning", "daemon", "start"}).status == 0);
  for (int i = 0; i < 3000 && text_at(world.outcome(), "/status") == "applied"; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(text_at(world.outcome(), "/status") == "rolled_back");
  json::object status;
  for (int i = 0; i < 3000; ++i) {
    status = world.run({"learning", "daemon", "status"}).json();
    if (!status.at("last_outcome").is_null()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(text_at(status, "/last_outcome/trigger") == "watch");
  CHECK(text_at(status, "/last_outcome/session_id") == world.session_id);
  CHECK(text_at(status, "/last_outcome/kind") == "done");
  CHECK(holds(world.read("learning/logs/daemon.log"), world.edit_id + ": " + kHarm));
  CHECK(world.run({"learning", "history"}).json().at("sessions").as_array().size() == 1);
}
