// What the pages say, of homes that sessions were written into.
#include <doctest/doctest.h>

#include <filesystem>

#include "core/benchmark/store.hpp"
#include "core/home/traces/trace_store.hpp"
#include "core/session/record/recorder.hpp"
#include "tests/dashboard/served.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace fs = std::filesystem;

namespace {

struct Home {
  explicit Home(std::size_t traces = 3) {
    std::vector<Trace> made;
    for (std::size_t i = 0; i < traces; ++i) made.push_back(made_up_trace(i, 50));
    make_home(path, config_for_models("http://127.0.0.1:9"), made);
  }
  TemporaryDirectory directory;
  fs::path path = directory.path() / "home";

  Session keep(const Session& session) const {
    const auto saved = SessionStore(path).save(session);
    REQUIRE(saved);
    return session;
  }
  void queue(const Session& session, std::size_t index) const {
    const EditOutcome& outcome = session.outcomes.at(index);
    REQUIRE(ReviewQueue(path).add(
        {session.id, outcome.edit, "waits for you", "@@ -1 +1 @@\n-old\n+new\n", "abc"}));
  }
};

const std::vector<std::string> kPages{"/",       "/sessions", "/review",  "/benchmark",
                                      "/traces", "/settings", "/plugins", "/actions"};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

Session numbered(int number) {
  char id[64], time[32];
  std::snprintf(id, sizeof id, "session-20260601T%06d_%08x", number, number);
  std::snprintf(time, sizeof time, "2026-06-01T%02d:%02d:%02dZ", number / 3600, number / 60 % 60,
                number % 60);
  Session session = full_session(id);
  session.started_at = time;
  session.error.clear();
  session.status = SessionStatus::completed;
  return session;
}

}  // namespace

TEST_CASE("dashboard: every page of a home without anything says what is missing") {
  const Home home(0);
  const Served served(home.path);
  for (const std::string& target : kPages) {
    CAPTURE(target);
    const Answer answer = served.get(target);
    CHECK(answer.status == 200);
    CHECK(answer.has("<main id=\"content\""));
    CHECK(count(answer.body, "<h1>") == 1);
    CHECK(count(answer.body, "aria-current=\"page\"") == (target == "/actions" ? 0 : 1));
  }
  CHECK(served.get("/").has("No session has measured the benchmark yet."));
  CHECK(served.get("/sessions").has("No sessions yet."));
  CHECK(served.get("/review").has("Nothing waits for review."));
  CHECK(served.get("/benchmark").has("There is no personal benchmark yet."));
  CHECK(served.get("/traces").has("No traces yet"));
  CHECK_FALSE(fs::exists(home.path / "learning"));
}

TEST_CASE("dashboard: broken files are named, and the rest is shown") {
  const Home home;
  home.keep(full_session());
  home.directory.write("home/learning/sessions/session-broken/session.json", "{\"id\":");
  home.directory.write("home/learning/pending_review/x__y.json", "[]");
  home.directory.write("home/learning/benchmarks/personal_v1.json", "nothing");
  home.directory.write("home/learning/daemon.json", "{");
  const Served served(home.path);
  const Answer sessions = served.get("/sessions");
  CHECK(sessions.has("1 session, newest first"));
  CHECK(sessions.has("session-broken"));
  CHECK(served.get("/review").has("Unreadable: "));
  CHECK(served.get("/benchmark").has("personal_v1.json"));
  CHECK(served.get("/").status == 200);
  SUBCASE("a config.toml that is none") {
    home.directory.write("home/config.toml", "a = ");
    CHECK(served.get("/settings").has("config.toml:1"));
    CHECK(served.get("/").status == 200);
  }
  SUBCASE("a traces.db that is none") {
    home.directory.write("home/traces.db", std::string(5000, 'x'));
    CHECK(served.get("/traces").has("traces.db"));
    CHECK(served.get("/").has("traces.db"));
  }
}

TEST_CASE("dashboard: the overview counts all money, that of the benchmark too") {
  const Home home;
  Session session = full_session();
  session.teacher_cost_usd = 0.25;
  home.keep(session);
  const auto line = [](const std::string& id, const char* usd) {
    return R"({"event":"settle","reservation":")" + id + R"(","session":")" + id +
           R"(","purpose":"synthesis","usd":)" + usd + "}\n";
  };
  home.directory.write("home/learning/ledger.jsonl", line("s", "0.25") + line("b", "0.5"));
  const Served served(home.path);
  CHECK(served.get("/").has("$0.75"));
  CHECK(served.get("/").has("$0.25 in 1 session"));
  home.directory.write("home/learning/ledger.jsonl",
                       line("s", "0.25") + line("b", "0.5") + line("c", "1.0"));
  CHECK(served.get("/").has("$1.75"));
}

TEST_CASE("dashboard: a session's page tells what happened, why, and what came of it") {
  const Home home;
  Session session = full_session();
  session.outcomes[0].verdict->tasks = {{"task-1", "math", 0.0, 1.0, 1, 1},
                                        {"task-2", "math", 1.0, 0.5, 1, 1},
                                        {"task-3", "math", 1.0, 1.0, 1, 1}};
  session.outcomes[0].diff = "--- a/config.toml\n+++ b/config.toml\n@@ -1 +1 @@\n-a = 1\n+a = 2\n";
  home.keep(session);
  home.directory.write("home/" + session.diagnosis_path, "It guesses.");
  const Served served(home.path);
  const Answer page = served.get("/sessions/" + session.id);
  for (const std::string part : {"awaiting review",
                                 "Working tree dirty",
                                 "a notice",
                                 "personal_v1: 50 % → 75 % on 12",
                                 "$0.12",
                                 "diagnosis $0.10",
                                 "sums",
                                 "guesses",
                                 "75 %",
                                 "claimed 99 %",
                                 "not reproduced",
                                 "It guesses.",
                                 "set_agent_param",
                                 "+25.0 points (90 %: +10.0 to +40.0)",
                                 "Of 3 tasks: 1 better, 1 worse, 1 the same.",
                                 "1 task won",
                                 "1 task lost",
                                 "(not kept)",
                                 "<span class=\"row added\">+a = 2</span>",
                                 "because",
                                 "Rejected: do not want it",
                                 "too little",
                                 "unknown op",
                                 "class=\"interval\"",
                                 "Roll back the applied edits",
                                 "Review what waits",
                                 "href=\"/traces/t1\""}) {
    CAPTURE(part);
    CHECK(page.has(part));
  }
  SUBCASE("an id that is only the beginning of one is not found") {
    CHECK(served.get("/sessions/session-2026").status == 404);
    CHECK(served.get("/sessions/session-2026/conversation").status == 404);
    CHECK(served.post("/sessions/session-2026/rollback").status == 404);
  }
}

TEST_CASE("dashboard: the timeline is read while it grows, whatever stands in it") {
  const Home home;
  Session session = full_session();
  session.status = SessionStatus::executing;
  home.keep(session);
  const std::string steps = "home/learning/sessions/" + session.id + "/steps.jsonl";
  home.directory.write(
      steps,
      R"({"at":"2026-06-01T03:00:00Z","step":"diagnose","state":"begin","spent_usd":0,"cap_usd":5})"
      "\nnot json\n[1]\n\n"
      R"({"at":"soon","step":"tool","state":"progress","name":"list_traces"})"
      "\n"
      R"({"step":"dance","state":"begin","text":7,"edit_id":3})"
      "\n"
      R"({"at":"2026-06-01T03:01:00Z","step":"gate","state":"progress","what":"runs","done":3,"total":9})"
      "\n"
      R"({"at":"2026-06-01T03:01:01Z","step":"gate","state":"progress","what":"runs","done":5,"total":9,"delta":0.04,"interval":[-0.1,0.2],"spent_usd":0.5,"cap_usd":5})"
      "\n"
      R"({"at":"2026-06-01T03:0)");
  const Served served(home.path);
  const Answer page = served.get("/sessions/" + session.id);
  CHECK(page.status == 200);
  for (const std::string part : {"Diagnosis begins", "list_traces", "dance begins", "runs: 5 of 9",
                                 "+4.0 points", "(90 %: −10.0 to +20.0)", "interrupted"}) {
    CAPTURE(part);
    CHECK(page.has(part));
  }
  CHECK_FALSE(page.has("runs: 3 of 9"));
  CHECK(page.has("Go on with this session"));
}

TEST_CASE("dashboard: the teacher's conversation is shown with its tools") {
  const Home home;
  const Session session = home.keep(full_session());
  const Served served(home.path);
  const std::string target = "/sessions/" + session.id + "/conversation";
  CHECK(served.get(target).has("Nothing was said yet"));
  const std::string folder = "home/learning/sessions/" + session.id + "/teacher_traces/";
  home.directory.write(folder + "diagnose.jsonl",
                       "{\"tool\":\"get_trace\",\"args\":{\"id\":\"t1\"},\"result\":\"found it\","
                       "\"latency_ms\":1500}\n{\"call\":\"teacher\",\"model\":\"frontier\","
                       "\"text\":\"I see.\"}\n{\"torn");
  home.directory.write(folder + "plan.jsonl", "{\"call\":\"planner\",\"text\":\"My plan\"}\n");
  const Answer page = served.get(target);
  for (const std::string part :
       {"get_trace", "found it", "1.5 s", "frontier", "I see.", "My plan"}) {
    CAPTURE(part);
    CHECK(page.has(part));
  }
}

TEST_CASE("dashboard: sessions come fifty to a page, newest first, and changes are seen") {
  const Home home(0);
  for (int i = 0; i < 120; ++i) home.keep(numbered(i));
  const Served served(home.path);
  const Answer first = served.get("/sessions");
  CHECK(first.has("120 sessions"));
  CHECK(count(first.body, "<th scope=\"row\">") == 50);
  CHECK(first.has(numbered(119).id));
  CHECK_FALSE(first.has(numbered(69).id));
  CHECK(first.has("Page 1 of 3"));
  CHECK(served.get("/sessions?page=3").has(numbered(0).id));
  for (const char* odd : {"0", "-1", "x", "99", "", "1e9", "99999999999999999999999"}) {
    CAPTURE(odd);
    CHECK(served.get("/sessions?page=" + std::string(odd)).status == 200);
  }
  Session changed = numbered(119);
  changed.error = "it fell over";
  home.keep(changed);
  home.keep(numbered(120));
  fs::remove_all(home.path / "learning" / "sessions" / numbered(0).id);
  const Answer later = served.get("/sessions");
  CHECK(later.has("it fell over"));
  CHECK(later.has(numbered(120).id));
  CHECK(later.has("120 sessions"));
}

TEST_CASE("dashboard: what waits for review is shown with its diff and its forms") {
  const Home home;
  const Session session = home.keep(full_session());
  home.queue(session, 1);
  const Served served(home.path);
  const Answer page = served.get("/review");
  const std::string id = session.outcomes[1].edit.id;
  for (const std::string& part :
       {id, std::string("waits for you"), std::string("<span class=\"row added\">+new</span>"),
        "action=\"/review/" + id + "/approve\"", "action=\"/review/" + id + "/reject\"",
        "<label for=\"reason-" + id + "\">"}) {
    CAPTURE(part);
    CHECK(page.has(part));
  }
  CHECK(served.get("/").has("href=\"/review\">1 edit</a>"));
  CHECK(served.post("/review/" + id.substr(0, 8) + "/approve").status == 404);
  CHECK(served.post("/review/" + id + "/reject", {{"reason", std::string(501, 'x')}}).status ==
        400);
  CHECK(served.post("/review/" + id + "/reject", {{"reason", std::string("a\0b", 3)}}).status ==
        400);
}

TEST_CASE("dashboard: traces are found by words and rated by thumbs") {
  const Home home(60);
  const Served served(home.path);
  const Answer all = served.get("/traces");
  CHECK(count(all.body, "<th scope=\"row\"") == 50);
  CHECK(all.has("Show more"));
  CHECK(count(served.get("/traces?show=100").body, "<th scope=\"row\"") == 60);
  CHECK(served.get("/traces?q=order+17").has("order 17"));
  CHECK(served.get("/traces?q=%22%20OR%201=1%20--").has("No trace has all of these words."));
  CHECK(served.get("/traces?q=NEAR%28").status == 200);
  const Trace trace = made_up_trace(7, 50);
  const std::string target = "/traces/" + trace.id;
  const auto feedback = [&] {
    const auto store = TraceStore::open(home.path / "traces.db");
    return (*store)->find(trace.id)->feedback.value_or(-1);
  };
  for (const char* score : {"", "2", "-1", "0.5", "1.0", "up", "nan"}) {
    CAPTURE(score);
    CHECK(served.post(target + "/rate", {{"score", score}}).status == 400);
    CHECK(feedback() == trace.feedback);
  }
  for (const auto& [score, value] : {std::pair("0", 0.0), std::pair("1", 1.0)}) {
    const Answer rated = served.post(target + "/rate", {{"score", score}});
    CHECK(rated.status == 303);
    CHECK(rated.header("location") == target);
    CHECK(feedback() == value);
    CHECK(served.get(target).has(value == 1.0 ? "100 %" : "0 %"));
  }
  for (const char* back : {"//evil.example", "http://evil.example", "/run", "/traces\r\nX: y"})
    CHECK(served.post(target + "/rate", {{"score", "1"}, {"back", back}}).header("location") ==
          target);
  CHECK(served.post(target + "/rate", {{"score", "1"}, {"back", "/traces?q=order+17&show=50"}})
            .header("location") == "/traces?q=order+17&show=50");
}

TEST_CASE("dashboard: settings say where they come from, and keep secrets") {
  const Home home;
  home.directory.write("home/config.toml",
                       "[engine]\napi_key = \"sk-verysecret\"\nurl = \"https://u:pass@host/\"\n\n"
                       "[learning.distillation]\nmin_traces = 7\n\n"
                       "[learning.distillation.judge]\nmodel = \"m\"\n");
  const Served served(home.path);
  const Answer page = served.get("/settings");
  CHECK(page.has("<code>min_traces</code>"));
  CHECK(page.has("line 6"));
  CHECK(page.has("default"));
  CHECK(page.has("[removed]"));
  CHECK(page.has("[learning.distillation.judge]"));
  for (const char* secret : {"verysecret", "u:pass"}) CHECK_FALSE(page.has(secret));
}

TEST_CASE("dashboard: the benchmark's strata, classes and power are shown") {
  const Home home;
  BenchmarkFile file;
  file.benchmark.number = 1;
  file.benchmark.version = "personal_v1";
  file.benchmark.created_at = "2026-06-01T03:00:00Z";
  for (int i = 0; i < 30; ++i) {
    Task task;
    task.id = "task-" + std::to_string(i);
    task.query = question(static_cast<std::size_t>(i));
    task.query_class = i % 2 == 0 ? "math" : "short";
    task.gold = "g";
    task.gold_source = "user";
    task.stratum = i % 3 == 0 ? Stratum::repair : Stratum::retain;
    task.part = i < 20 ? Part::held_out : Part::practice;
    file.benchmark.tasks.push_back(task);
  }
  REQUIRE(BenchmarkStore(home.path / "learning" / "benchmarks").write(file));
  const Served served(home.path);
  const Answer page = served.get("/benchmark");
  for (const std::string part : {"personal_v1", "30 questions", "20 of 20 held-out tasks", "repair",
                                 "retain", "math", "each of five", "assumed"}) {
    CAPTURE(part);
    CHECK(page.has(part));
  }
  CHECK_FALSE(page.has(question(0)));
}

TEST_CASE("dashboard: plugins are listed with what they provide") {
  const Home home;
  const Answer page = Served(home.path).get("/plugins");
  for (const std::string part : {"replace_system_prompt", "loaded", "built in"}) {
    CAPTURE(part);
    CHECK(page.has(part));
  }
}
