#include <doctest/doctest.h>

#include "config/embedded.hpp"
#include "core/budget/session_purse.hpp"
#include "core/home/live_home.hpp"
#include "core/home/staging/home_stager.hpp"
#include "core/host/plugin_student.hpp"
#include "core/host/registry.hpp"
#include "core/host/toolbox.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

PluginPolicy policy() {
  PluginPolicy policy;
  policy.built_in = ABI_PLUGINS;
  policy.settings["plain_c"] = {{"colour", "blue"}};
  return policy;
}

struct Fixture {
  TemporaryDirectory directory;
  PluginHost plugins{policy()};
  Registry registry = std::move(*Registry::make(plugins, embedded_file("ops.toml"), {}));
  LiveHome home{directory.path()};
  HomeStager stager{directory.path()};

  Fixture() { directory.write("config.toml", "# mine\n"); }

  Result<std::string> apply(const std::string& op, HomeStage& stage) {
    Edit edit;
    edit.op = op;
    return registry.apply(edit, stage);
  }

  Result<json::object> ask(const json::object& arguments) {
    return PluginToolbox(plugins).call(
        {"1", "c_tool", arguments},
        [](const std::string& service, const json::object&) -> Result<json::object> {
          return json::object{{"service", service}};
        });
  }
};

}  // namespace

TEST_CASE("abi: an applier in C makes an edit") {
  Fixture fixture;
  auto stage = fixture.stager.stage(fixture.home, "edit");
  REQUIRE(stage.ok());
  const auto applied = fixture.apply("c_edit", **stage);
  REQUIRE_MESSAGE(applied.ok(), applied.error().message);
  CHECK(*applied == "agent.note = \"from C\"");
  CHECK((*stage)->read("config.toml").value() == "# mine\n[agent]\nnote = \"from C\"\n");
  CHECK(fixture.directory.read("config.toml") == "# mine\n");
}

TEST_CASE("abi: a tool in C reads its settings, calls a service and fails with a hint") {
  Fixture fixture;
  const auto refused = fixture.ask({{"fail", true}});
  REQUIRE(!refused.ok());
  CHECK(refused.error().kind == ErrorKind::refused);
  CHECK(refused.error().message == "C says no");
  CHECK(refused.error().hint == "ask otherwise");
  CHECK(fixture.ask({}).value() == json::object{{"colour", "blue"}});
  CHECK(fixture.ask({{"home", 1}}).value() == json::object{{"service", "home"}});
}

TEST_CASE(
    "abi: a function behind the end of an older, shorter table is not offered, never called") {
  Fixture fixture;
  HttpService http;
  SessionPurse purse(std::move(*Ledger::open(fixture.directory.path() / "ledger.jsonl")), "s", 1);
  StudentSettings settings;
  settings.runner = "older_runner";
  const auto student = PluginStudent::make(fixture.plugins, http, settings, purse, {});
  REQUIRE(student.ok());
  const auto answer = (*student)->answer(fixture.home, "q", "general", "");
  REQUIRE(answer.ok());
  CHECK(answer->result.output == "old");
  CHECK((*student)->probe(fixture.home).ok());

  auto stage = fixture.stager.stage(fixture.home, "edit");
  REQUIRE(stage.ok());
  const auto applied = fixture.apply("older_edit", **stage);
  REQUIRE(!applied.ok());
  CHECK(applied.error().message == "plugin 'older_table': it does not offer this function");
}

TEST_CASE("abi: a newer, longer entry and table work as far as this host knows them") {
  Fixture fixture;
  HttpService http;
  SessionPurse purse(std::move(*Ledger::open(fixture.directory.path() / "ledger.jsonl")), "s", 1);
  StudentSettings settings;
  settings.runner = "newer_runner";
  const auto student = PluginStudent::make(fixture.plugins, http, settings, purse, {});
  REQUIRE(student.ok());
  CHECK((*student)->answer(fixture.home, "q", "general", "").value().result.output == "new");
  CHECK((*student)->probe(fixture.home).ok());
}
