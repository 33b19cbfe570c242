// The host loads and uses each variant of the test plugin, alone where JARVIS_ABI_VARIANT names it,
// else all of them; in this one process, or each in processes of its own where
// JARVIS_ABI_ISOLATION=process.
#include <doctest/doctest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <sstream>
#include <thread>

#include "config/embedded.hpp"
#include "core/budget/session_purse.hpp"
#include "core/home/live_home.hpp"
#include "core/home/staging/home_stager.hpp"
#include "core/host/plugin_judge.hpp"
#include "core/host/plugin_student.hpp"
#include "core/host/registry.hpp"
#include "core/host/toolbox.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::LoopbackServer;
using jarvis::testing::ScriptedReply;
using jarvis::testing::TemporaryDirectory;

namespace {

std::vector<std::string> variants() {
  const char* one = std::getenv("JARVIS_ABI_VARIANT");
  std::istringstream names(one ? one : ABI_VARIANTS);
  std::vector<std::string> variants;
  for (std::string name; names >> name;) variants.push_back(name);
  return variants;
}

bool is_in_c(const std::string& variant) {
  return variant == "c_gcc" || variant == "c_clang" || variant == "frozen_c";
}

bool is_isolated() {
  const char* isolation = std::getenv("JARVIS_ABI_ISOLATION");
  return isolation && std::string(isolation) == "process";
}

PluginPolicy policy(const std::filesystem::path& home) {
  PluginPolicy policy;
  policy.built_in = ABI_VARIANTS_FOLDER;
  policy.home = home;
  policy.limits.writable = {home};
  if (is_isolated()) policy.isolation["*"] = Isolation::process;
  for (const std::string& variant : variants())
    policy.settings[variant] = {{"colour", "blue for " + variant}};
  return policy;
}

/** A home, a host, and what plugins log. */
struct Fixture {
  TemporaryDirectory directory;
  PluginHost plugins{policy(directory.path())};
  Registry registry = std::move(*Registry::make(plugins, embedded_file("ops.toml"), {}));
  LiveHome home{directory.path()};
  HomeStager stager{directory.path()};
  HttpService http{[](std::chrono::milliseconds) {}};
  SessionPurse purse{std::move(*Ledger::open(directory.path() / "ledger.jsonl")), "session", 1};
  std::ostringstream log;
  std::shared_ptr<spdlog::logger> usual_log = spdlog::default_logger();

  Fixture() {
    directory.write("config.toml", "# mine\n");
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
  }
  ~Fixture() { spdlog::set_default_logger(usual_log); }

  Result<std::string> apply(const std::string& variant, const json::object& payload,
                            HomeStage& stage) {
    Edit edit;
    edit.op = variant;
    edit.payload = payload;
    return registry.apply(edit, stage);
  }

  Result<json::object> ask_tool(const std::string& variant, const json::object& arguments) {
    return PluginToolbox(plugins).call(
        {"1", variant, arguments},
        [](const std::string& service, const json::object& request) -> Result<json::object> {
          if (service != "home") return Error{ErrorKind::unavailable, service + " is out", "wait"};
          return json::object{{"answer to", request.at("from")}};
        });
  }

  Result<sdk::GenerateResult> generate(const std::string& variant, const std::string& url,
                                       const std::function<bool()>& cancelled = {}) {
    EngineSettings settings;
    settings.section = "learning.distillation.teacher";
    settings.engine = variant;
    settings.model = "model-1";
    settings.base_url = url;
    const auto seat = EngineSeat::make(plugins, http, settings);
    REQUIRE_MESSAGE(seat.ok(), seat.error().message);
    return seat->generate(nullptr, Purpose::diagnosis, {}, cancelled);
  }

  std::unique_ptr<PluginStudent> student(const std::string& variant) {
    StudentSettings settings;
    settings.runner = variant;
    auto student = PluginStudent::make(plugins, http, settings, purse, {});
    REQUIRE_MESSAGE(student.ok(), student.error().message);
    return std::move(*student);
  }
};

template <class T>
void check_failure(const Result<T>& result, ErrorKind kind, const std::string& message) {
  REQUIRE(!result.ok());
  CAPTURE(result.error().message);
  CHECK(result.error().kind == kind);
  CHECK(result.error().message.find(message) != std::string::npos);
}

}  // namespace

TEST_CASE("abi variants: every one that was built is accepted") {
  Fixture fixture;
  REQUIRE(!variants().empty());
  for (const std::string& variant : variants()) {
    CAPTURE(variant);
    const auto offer = fixture.plugins.find(JARVIS_TEACHER_ENGINE_1, variant);
    REQUIRE_MESSAGE(offer.ok(), offer.error().message);
    const auto plugin = fixture.plugins.load(*offer->plugin);
    REQUIRE_MESSAGE(plugin.ok(), plugin.error().message);
    for (const PluginFunction function : kPluginFunctions) CHECK((*plugin)->offers(function));
  }
}

TEST_CASE("abi variants: an edit is refused by validate, with status, message and hint") {
  Fixture fixture;
  for (const std::string& variant : variants()) {
    CAPTURE(variant);
    auto stage = fixture.stager.stage(fixture.home, "edit");
    REQUIRE(stage.ok());
    const auto refused = fixture.apply(variant, {{"note", "n"}, {"do", "refuse"}}, **stage);
    check_failure(refused, ErrorKind::refused, "it is refused for good");
    CHECK(refused.error().hint == "ask for something else");
    check_failure(fixture.apply(variant, {{"note", "n"}, {"do", "dance"}}, **stage),
                  ErrorKind::invalid, "there is no way to");
    CHECK((*stage)->read("config.toml").value() == "# mine\n");
  }
}

TEST_CASE(
    "abi variants: an edit is validated and applied to a staged home, and leaves a log line") {
  Fixture fixture;
  for (const std::string& variant : variants()) {
    CAPTURE(variant);
    auto stage = fixture.stager.stage(fixture.home, "edit");
    REQUIRE(stage.ok());
    const auto applied = fixture.apply(variant, {{"note", "from " + variant}}, **stage);
    REQUIRE_MESSAGE(applied.ok(), applied.error().message);
    CHECK(*applied == "agent.note = \"from " + variant + "\"");
    CHECK((*stage)->read("config.toml").value() ==
          "# mine\n[agent]\nnote = \"from " + variant + "\"\n");
    CHECK(fixture.directory.read("config.toml") == "# mine\n");
    CHECK(fixture.log.str().find(variant + ": wrote a note") != std::string::npos);
  }
}

TEST_CASE("abi variants: an exception inside is an error, never success, and the next call works") {
  Fixture fixture;
  for (const std::string& variant : variants()) {
    if (is_in_c(variant)) continue;
    CAPTURE(variant);
    for (int round = 0; round < 3; ++round) {
      check_failure(fixture.ask_tool(variant, {{"do", "throw"}}), ErrorKind::internal,
                    "thrown in " + variant + ", too long for a small string");
      check_failure(fixture.ask_tool(variant, {{"do", "throw a number"}}), ErrorKind::internal,
                    "no exception");
      check_failure(fixture.ask_tool(variant, {{"do", "want more memory"}}), ErrorKind::internal,
                    "out of memory");
      CHECK(!fixture.ask_tool(variant, {{"do", "throw from the library"}}).ok());
      CHECK(fixture.ask_tool(variant, {}).ok());
    }
    auto stage = fixture.stager.stage(fixture.home, "edit");
    REQUIRE(stage.ok());
    check_failure(fixture.apply(variant, {{"note", "n"}, {"do", "throw"}}, **stage),
                  ErrorKind::internal, "thrown in " + variant);
  }
}

TEST_CASE("abi variants: a tool reads its settings and calls services, also one that fails") {
  Fixture fixture;
  for (const std::string& variant : variants()) {
    CAPTURE(variant);
    CHECK(fixture.ask_tool(variant, {}).value() == json::object{{"colour", "blue for " + variant}});
    CHECK(fixture.ask_tool(variant, {{"service", "home"}}).value() ==
          json::object{{"answer to", variant}});
    const auto failed = fixture.ask_tool(variant, {{"service", "judge"}});
    check_failure(failed, ErrorKind::unavailable, "judge is out");
    CHECK(failed.error().hint == "wait");
    check_failure(fixture.ask_tool(variant, {{"service", "http"}}), ErrorKind::refused,
                  "is not offered to tools");
  }
}

TEST_CASE("abi variants: an engine generates through the http service, and may be cancelled") {
  LoopbackServer server([](const testing::RecordedRequest& request) {
    ScriptedReply reply;
    reply.body = "hello " + std::string(request.json().at("model").as_string());
    return reply;
  });
  ScriptedReply refusal;
  refusal.status = 403;
  refusal.body = "go away";
  LoopbackServer refusing({refusal});
  Fixture fixture;
  for (const std::string& variant : variants()) {
    CAPTURE(variant);
    const auto generated = fixture.generate(variant, server.url());
    REQUIRE_MESSAGE(generated.ok(), generated.error().message);
    CHECK(generated->message.text == "hello model-1");
    CHECK(generated->usage.input_tokens == 3);
    CHECK(generated->usage.output_tokens == 2);
    CHECK(server.requests().back().target == "/generate");

    check_failure(fixture.generate(variant, refusing.url()), ErrorKind::refused,
                  "the provider says go away");
    check_failure(fixture.generate(variant, testing::unreachable_url()), ErrorKind::unavailable,
                  "");
    const std::size_t before = server.requests().size();
    // A process that is cancelled may be ended before it says anything.
    check_failure(fixture.generate(variant, server.url(), [] { return true; }),
                  ErrorKind::cancelled, is_isolated() ? "" : "nobody wants the answer");
    CHECK(server.requests().size() == before);
  }
}

TEST_CASE("abi variants: a student answers on many threads at once") {
  Fixture fixture;
  for (const std::string& variant : variants()) {
    CAPTURE(variant);
    const auto student = fixture.student(variant);
    std::vector<std::string> answers(8);
    std::vector<std::thread> threads;
    for (std::string& answer : answers)
      threads.emplace_back([&] {
        for (int round = 0; round < 20; ++round) {
          const auto given = student->answer(fixture.home, {"q", "general", ""});
          answer = given ? given->result.output : given.error().message;
        }
      });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& answer : answers) CHECK(answer == "q: # mine\n");
    CHECK(student->probe(fixture.home).value() == std::vector<std::string>{"first", "second"});
  }
}

TEST_CASE("abi variants: a judge scores, and says when it cannot") {
  Fixture fixture;
  for (const std::string& variant : variants()) {
    CAPTURE(variant);
    const auto offer = fixture.plugins.find(JARVIS_JUDGE_1, variant);
    REQUIRE(offer.ok());
    PluginJudge judge(fixture.plugins, *offer, std::nullopt, fixture.purse, {});
    CHECK(judge.score("q", "four", "four").value().score == 1.0);
    CHECK(judge.score("q", "four", "five").value().score == 0.25);
    CHECK(judge.score("q", "four", "five").value().reason == "compared");
    CHECK(!judge.score("unreadable", "four", "four").value().score);
  }
}
