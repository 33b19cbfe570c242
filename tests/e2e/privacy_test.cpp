#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/home/traces/trace_writer.hpp"
#include "tests/e2e/world.hpp"
#include "tests/privacy/secrets.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis;
using namespace jarvis::testing;
namespace json = boost::json;
namespace fs = std::filesystem;
using Answer = FakeCall::Part;

namespace {

constexpr std::size_t kTraces = 60;
constexpr char kConfigCanary[] = "Zwieback-canary-1";
constexpr char kEnvironmentCanary[] = "Zwieback-canary-2";
constexpr char kCredentialCanary[] = "Zwieback-canary-3";

/** 60 traces with all planted secrets in questions, answers and steps. */
std::vector<Trace> planted_traces(const std::vector<PlantedSecret>& secrets) {
  std::vector<Trace> traces;
  for (std::size_t i = 0; i < kTraces; ++i) traces.push_back(made_up_trace(i, 45));
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    Trace& trace = traces[(i / 3) % kTraces];
    const std::string& text = secrets[i].text;
    if (i % 3 == 0) trace.query += "\n\nNote: " + text;
    if (i % 3 == 1) trace.result = text + "\n" + trace.result;
    if (i % 3 == 2)
      trace.steps[0].output.as_object()["tool_results"] =
          json::array{json::object{{"content", text}}};
  }
  for (const char* canary : {kConfigCanary, kEnvironmentCanary, kCredentialCanary})
    for (Trace& trace : traces) trace.query += std::string(" and ") + canary;
  return traces;
}

std::string first_hit(const std::string& text, const std::vector<PlantedSecret>& secrets) {
  for (const PlantedSecret& planted : secrets)
    for (const std::string& piece : planted.pieces)
      if (text.find(piece) != std::string::npos)
        return planted.kind + " (" + planted.form + "): " + piece;
  if (text.find("Zwieback-canary") != std::string::npos) return "a canary";
  return {};
}

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

/** A world in which every secret is planted. */
struct PlantedWorld : World {
  explicit PlantedWorld(FakeBehaviour behaviour = {}) : World(std::move(behaviour), 0) {
    REQUIRE(insert_traces(home / "traces.db", planted_traces(secrets)).ok());
    write("config.toml", config() + "\n[mail]\nsmtp_password = \"" + kConfigCanary +
                             "\"\nowner = \"owner.of.it@example.org\"\n");
    write("credentials.toml",
          std::string("[web_search]\napi_key = \"") + kCredentialCanary + "\"\n");
    environment["SHOP_API_KEY"] = kEnvironmentCanary;
  }
  std::vector<PlantedSecret> secrets = planted_secrets();
};

json::object only_session(const World& world) {
  for (const auto& entry : fs::directory_iterator(world.home / "learning" / "sessions"))
    return json::parse(world.read("learning/sessions/" + entry.path().filename().string() +
                                  "/session.json"))
        .as_object();
  return {};
}

void exclude_diaries(const World& world) {
  set_config(world.home, {"learning", "distillation", "privacy", "exclude_agents"},
             json::array{"diary"});
}

}  // namespace

TEST_CASE("privacy: a pattern that cannot be used stops before anything is sent") {
  const World world;
  set_config(world.home, {"learning", "distillation", "privacy", "extra_patterns"},
             json::array{"("});
  const auto finished = world.run({"learning", "run"});
  CHECK(finished.status == 1);
  const std::string message = text_at(finished.json(), "/error/message");
  CHECK(message.find("config.toml: key 'learning.distillation.privacy.extra_patterns'") !=
        std::string::npos);
  CHECK(world.models.calls().empty());
}

TEST_CASE("privacy: no planted secret is in any request, log, record or commit of a session") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  behaviour.edits.push_back(edit("leak", "replace_system_prompt",
                                 {{"agent", "simple"}, {"new_content", "Write to [EMAIL_1]."}}));
  const PlantedWorld world(behaviour);
  const auto finished = world.run({"-vv", "learning", "run"});
  INFO(finished.err);
  REQUIRE(finished.status == 0);
  const json::object document = finished.json();
  CHECK(text_at(document, "/edits/4/status") == "skipped");
  CHECK(text_at(document, "/edits/4/error").find("placeholder '[EMAIL_1]'") != std::string::npos);

  int placeholders = 0;
  for (const FakeCall& call : world.models.calls()) {
    if (call.part == Answer::student) continue;
    CAPTURE(static_cast<int>(call.part));
    CHECK(first_hit(call.body, world.secrets) == "");
    if (call.body.find("[EMAIL_") != std::string::npos) ++placeholders;
  }
  CHECK(placeholders > 0);
  CHECK(world.models.count(Answer::judge) > 0);
  CHECK(world.models.count(Answer::answer) > 0);
  CHECK(world.models.count(Answer::diagnosis) > 0);
  CHECK(world.models.count(Answer::plan) > 0);

  CHECK(first_hit(finished.err, world.secrets) == "");
  CHECK(first_hit(finished.out, world.secrets) == "");
  for (const char* folder : {"learning/sessions", "learning/logs", "learning/pending_review"})
    for (const auto& entry : fs::recursive_directory_iterator(world.home / folder))
      if (entry.is_regular_file()) {
        CAPTURE(entry.path());
        CHECK(first_hit(world.read(fs::relative(entry.path(), world.home).string()),
                        world.secrets) == "");
      }
  CHECK(world.read("agents/simple/system_prompt.md").find("[EMAIL_") == std::string::npos);

  const json::object session = only_session(world);
  CHECK(session.at("redactions").as_object().at("email").to_number<int>() > 0);
  const auto shown = world.say({"learning", "show", text_at(session, "/id")});
  CHECK(shown.out.find("redacted   ") != std::string::npos);

  // Diffs hold what the teacher's placeholders stood for; a report is for others.
  for (const char* form : {"--html", "--md", "--otlp"}) {
    CAPTURE(form);
    const auto report = world.say({"learning", "show", text_at(session, "/id"), form, "-"});
    REQUIRE(report.status == 0);
    CHECK(report.out.size() > 1000);
    CHECK(first_hit(report.out, world.secrets) == "");
  }
}

TEST_CASE("privacy: a report holds no text of tasks that may not leave") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  const World world(behaviour);
  const auto finished = world.run({"learning", "run"});
  REQUIRE(finished.status == 0);
  const std::string id = text_at(finished.json(), "/session/id");
  const auto question_in = [&](const char* form) {
    const auto report = world.say({"learning", "show", id, form, "-"});
    REQUIRE(report.status == 0);
    const bool is_withheld = report.out.find("private: not in this report") != std::string::npos;
    CHECK(is_withheld == (report.out.find("order ") == std::string::npos));
    return !is_withheld;
  };
  for (const char* form : {"--html", "--md"}) CHECK(question_in(form));
  set_config(world.home, {"learning", "distillation", "privacy", "exclude_agents"},
             json::array{"simple"});
  for (const char* form : {"--html", "--md"}) CHECK(!question_in(form));
}

TEST_CASE("privacy: what was sent is kept for the user's eyes only") {
  const PlantedWorld world;
  REQUIRE(world.run({"learning", "run"}).status == 0);
  int files = 0;
  for (const auto& session : fs::directory_iterator(world.home / "learning" / "sessions")) {
    CHECK(mode_of(session.path()) == 0700);
    CHECK(mode_of(session.path() / "teacher_traces") == 0700);
    for (const auto& file : fs::directory_iterator(session.path() / "teacher_traces")) {
      CHECK(mode_of(file.path()) == 0600);
      ++files;
    }
  }
  CHECK(files == 2);
}

TEST_CASE("privacy: a preview holds no secret, and lists what may leave and nothing else") {
  const PlantedWorld world;
  Trace diary = made_up_trace(70, 45);
  diary.agent = "diary";
  Trace marked = made_up_trace(71, 45);
  marked.metadata = json::object{{"private", true}};
  REQUIRE(insert_traces(world.home / "traces.db", {diary, marked}).ok());
  exclude_diaries(world);
  const auto finished = world.run({"learning", "run", "--preview"});
  REQUIRE(finished.status == 0);
  CHECK(first_hit(finished.out, world.secrets) == "");
  CHECK(finished.out.find("owner.of.it") == std::string::npos);
  CHECK(finished.out.find(made_up_trace(7, 45).id) != std::string::npos);
  CHECK(finished.out.find(diary.id) == std::string::npos);
  CHECK(finished.out.find(marked.id) == std::string::npos);
  CHECK(world.models.calls().empty());
  // To point at such a trace is refused before anything is paid.
  for (const Trace& trace : {diary, marked}) {
    const auto refused = world.run({"learning", "run", "--trace", trace.id});
    CHECK(refused.status == 1);
    CHECK(text_at(refused.json(), "/error/message").find("that may leave this machine") !=
          std::string::npos);
  }
  CHECK(world.models.paid_calls() == 0);
}

TEST_CASE("privacy: traces that may not leave are no tasks and reach nobody") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  const World world(behaviour);
  std::vector<Trace> hidden;
  for (std::size_t i = 100; i < 140; ++i) {
    Trace trace = made_up_trace(i, 45);
    if (i % 2 == 0)
      trace.agent = "diary";
    else
      trace.metadata = json::object{{"privacy", "private"}};
    hidden.push_back(trace);
  }
  REQUIRE(insert_traces(world.home / "traces.db", hidden).ok());
  exclude_diaries(world);
  REQUIRE(world.run({"learning", "run"}).status == 0);
  for (const FakeCall& call : world.models.calls())
    for (std::size_t i = 100; i < 140; ++i)
      CHECK(call.body.find("order " + std::to_string(i) + " ") == std::string::npos);
}

TEST_CASE("privacy: the user may switch redaction off; what may leave is the same") {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  const PlantedWorld world(behaviour);
  Trace marked = made_up_trace(71, 45);
  marked.metadata = json::object{{"private", true}};
  REQUIRE(insert_traces(world.home / "traces.db", {marked}).ok());
  set_config(world.home, {"learning", "distillation", "privacy", "redact"}, false);
  REQUIRE(world.run({"learning", "run"}).status == 0);
  CHECK(only_session(world).at("redactions").as_object().empty());
  int raw = 0;
  for (const FakeCall& call : world.models.calls()) {
    CHECK(call.body.find("order 71 ") == std::string::npos);
    if (call.part != Answer::student && !first_hit(call.body, world.secrets).empty()) ++raw;
  }
  CHECK(raw > 0);
}
