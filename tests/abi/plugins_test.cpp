#include <doctest/doctest.h>

#include "config/embedded.hpp"
#include "core/budget/session_purse.hpp"
#include "core/home/live_home.hpp"
#include "core/home/staging/home_stager.hpp"
#include "core/host/plugin_student.hpp"
#include "core/host/registry.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace {

PluginPolicy policy() {
  PluginPolicy policy;
  policy.built_in = ABI_PLUGINS;
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
};

}  // namespace

TEST_CASE(
    "abi: a function behind the end of an older, shorter table is not offered, never called") {
  Fixture fixture;
  HttpService http;
  SessionPurse purse(std::move(*Ledger::open(fixture.directory.path() / "ledger.jsonl")), "s", 1);
  StudentSettings settings;
  settings.runner = "older_runner";
  const auto student = PluginStudent::make(fixture.plugins, http, settings, purse, {});
  REQUIRE(student.ok());
  const auto answer = (*student)->answer(fixture.home, {"q", "general", ""});
  REQUIRE(answer.ok());
  CHECK(answer->result.output == "old");
  CHECK((*student)->probe(fixture.home).ok());

  auto stage = fixture.stager.stage(fixture.home, "edit");
  REQUIRE(stage.ok());
  const auto applied = fixture.apply("older_edit", **stage);
  REQUIRE(!applied.ok());
  CHECK(applied.error().message ==
        "plugin 'older_table': it does not offer 'apply' (edit-applier/1)");
}

TEST_CASE("abi: a newer, longer entry and table work as far as this host knows them") {
  Fixture fixture;
  HttpService http;
  SessionPurse purse(std::move(*Ledger::open(fixture.directory.path() / "ledger.jsonl")), "s", 1);
  StudentSettings settings;
  settings.runner = "newer_runner";
  const auto student = PluginStudent::make(fixture.plugins, http, settings, purse, {});
  REQUIRE(student.ok());
  CHECK((*student)->answer(fixture.home, {"q", "general", ""}).value().result.output == "new");
  CHECK((*student)->probe(fixture.home).ok());
}

TEST_CASE(
    "abi: a build for another major version is refused and leaves the place to one for this") {
  TemporaryDirectory directory;
  directory.write("for_abi_2/plugin.toml",
                  "id = \"older_table\"\nversion = \"2.0.0\"\nabi = \"2.0\"\nsummary = \"later\"\n"
                  "library = \"older_table.so\"\nsha256 = \"" +
                      std::string(64, '0') +
                      "\"\n[[provides]]\ninterface = \"student-runner/1\"\n"
                      "id = \"older_runner\"\nsummary = \"later\"\n");
  directory.write("for_abi_2/older_table.so", "never opened");
  PluginPolicy both;
  both.built_in = directory.path();
  both.directories = {ABI_PLUGINS};
  both.allow = {"*"};
  PluginHost plugins(both);
  int accepted = 0;
  for (const PluginEntry& entry : plugins.entries()) {
    if (entry.manifest.id != "older_table") continue;
    if (entry.manifest.abi_major == 2) {
      CHECK(entry.refusal == "it was built for ABI 2, this host speaks 1");
      CHECK(entry.hint == "get a version of the plugin for this host");
    } else {
      CHECK(entry.refusal == "");
      ++accepted;
    }
  }
  CHECK(accepted == 1);
  CHECK(plugins.find(JARVIS_STUDENT_RUNNER_1, "older_runner")->plugin->manifest.abi_major == 1);
}
