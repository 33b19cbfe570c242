// Meets all broken plugins of this folder in one host, beside a sound one. What the host says of
// each stands in its expected.txt; JARVIS_TEST_WRITE_EXPECTED=1 writes those files anew.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "config/embedded.hpp"
#include "core/budget/session_purse.hpp"
#include "core/home/live_home.hpp"
#include "core/home/staging/home_stager.hpp"
#include "core/host/plugin_judge.hpp"
#include "core/host/plugin_student.hpp"
#include "core/host/plugin_teacher.hpp"
#include "core/host/registry.hpp"
#include "core/host/toolbox.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace fs = std::filesystem;

namespace {

constexpr const char* kConfig =
    "[agent.a]\nnote = \"old\"\n[engine]\nhost = \"http://127.0.0.1\"\n";

std::string contents(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/** The message of a failure, or "ok". */
template <class T>
std::string outcome(const Result<T>& result) {
  return result ? "ok" : result.error().message;
}

PluginPolicy policy_for(std::vector<std::string> allow) {
  PluginPolicy policy;
  policy.built_in = SOUND_PLUGINS;
  policy.directories = {BROKEN_PLUGINS};
  policy.allow = std::move(allow);
  // What a process of its own would hide is what this is about: the host's own checks.
  policy.isolation["*"] = Isolation::in_process;
  return policy;
}

/** A home, and a host that has found every plugin. Whatever the plugins run is written down in a
 * file. */
struct Fixture {
  TemporaryDirectory directory;
  fs::path marker = directory.path() / "marker";
  int environment = ::setenv("JARVIS_TEST_MARKER", marker.c_str(), 1);
  PluginHost plugins;
  Registry registry;
  HttpService http;
  SessionPurse purse;
  LiveHome home;

  explicit Fixture(std::vector<std::string> allow = {"*"})
      : plugins(policy_for(std::move(allow))),
        registry(std::move(*Registry::make(plugins, embedded_file("ops.toml"), {}))),
        purse(std::move(*Ledger::open(directory.path() / "ledger.jsonl")), "session", 1),
        home(directory.path()) {
    directory.write("config.toml", kConfig);
  }

  const PluginEntry& entry(const std::string& folder) const {
    const auto found = std::find_if(
        plugins.entries().begin(), plugins.entries().end(),
        [&](const PluginEntry& known) { return known.directory.filename() == folder; });
    REQUIRE_MESSAGE(found != plugins.entries().end(), folder);
    return *found;
  }

  /** Whether the library of a folder was ever opened. */
  bool ran(const std::string& folder) const {
    std::istringstream lines(contents(marker));
    for (std::string line; std::getline(lines, line);)
      if (line == folder) return true;
    return false;
  }

  std::string apply(const std::string& op, const json::object& payload) {
    HomeStager stager(directory.path());
    auto stage = stager.stage(home, "edit");
    REQUIRE(stage.ok());
    Edit edit;
    edit.op = op;
    edit.payload = payload;
    return outcome(registry.apply(edit, **stage));
  }

  std::string ask_teacher(const std::string& engine) {
    EngineSettings settings;
    settings.section = "learning.distillation.teacher";
    settings.engine = engine;
    settings.model = "m";
    const auto seat = EngineSeat::make(plugins, http, settings);
    return seat ? outcome(seat->generate(nullptr, Purpose::diagnosis, {}, {})) : outcome(seat);
  }

  std::string ask_student(const std::string& runner) {
    StudentSettings settings;
    settings.runner = runner;
    const auto student = PluginStudent::make(plugins, http, settings, purse, {});
    if (!student) return outcome(student);
    return outcome((*student)->answer(home, {"q", "general", ""})) +
           "; probe: " + outcome((*student)->probe(home));
  }

  std::string ask_judge(const Offer& offer) {
    PluginJudge judge(plugins, offer, std::nullopt, purse, {});
    const auto judged = judge.score("q", "gold", "answer");
    return judged && !judged->score ? "no score" : outcome(judged);
  }

  std::string use(const Offer& offer) {
    const Provided& provided = *offer.provided;
    if (provided.interface == JARVIS_EDIT_APPLIER_1) return apply(provided.id, provided.example);
    if (provided.interface == JARVIS_DIAGNOSTIC_TOOL_1)
      return outcome(PluginToolbox(plugins).call({"1", provided.id, {}}, {}));
    if (provided.interface == JARVIS_TEACHER_ENGINE_1) return ask_teacher(provided.id);
    if (provided.interface == JARVIS_STUDENT_RUNNER_1) return ask_student(provided.id);
    return ask_judge(offer);
  }

  /** All that the host says of one folder, with placeholders for what differs from run to run. */
  std::string report(const std::string& folder) {
    const PluginEntry& found = entry(folder);
    const auto loaded = plugins.load(found);
    std::string text;
    if (!loaded)
      text = std::string(ran(folder) ? "refused after its code ran"
                                     : "refused, none of its code ran") +
             "\n" + loaded.error().message + "\n";
    else
      text = "loaded\n";
    for (const Provided& provided : found.manifest.provides)
      if (loaded) text += provided.interface + ": " + use({&found, &provided}) + "\n";
    replace_all(text, BROKEN_PLUGINS, "{plugins}");
    replace_all(text, SOUND_PLUGINS, "{plugins}");
    return std::regex_replace(text, std::regex("[0-9a-f]{12}…"), "{digest}");
  }
};

std::vector<std::string> folders() {
  std::vector<std::string> names;
  for (const auto& found : fs::directory_iterator(EXPECTED_TEXTS))
    if (fs::exists(found.path() / "plugin.toml") && found.path().filename() != "sound")
      names.push_back(found.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

// A library stays open until the program ends, and leaves its mark once: the cases that look for
// marks of plugins that must not run come first.
TEST_CASE("broken plugins: no code of any plugin runs until one is used") {
  Fixture fixture;
  CHECK(fixture.plugins.entries().size() > folders().size());
  CHECK(!fixture.registry.ops().empty());
  CHECK(PluginToolbox(fixture.plugins).tools().size() > 1);
  CHECK(!fs::exists(fixture.marker));
}

TEST_CASE("broken plugins: without a place on the allow-list no code of a plugin runs") {
  Fixture fixture({"success_without_result"});
  for (const std::string& folder : folders()) {
    CAPTURE(folder);
    const auto loaded = fixture.plugins.load(fixture.entry(folder));
    CHECK(loaded.ok() == (folder == "success_without_result"));
    CHECK(fixture.ran(folder) == (folder == "success_without_result"));
  }
  CHECK(fixture.apply("success_without_result", {}).find("with 0 results") != std::string::npos);
  CHECK(fixture.apply("sound_edit", {{"agent", "a"}}) == "ok");
}

TEST_CASE("broken plugins: each is refused or fails with the expected text, and the host goes on") {
  Fixture fixture;
  REQUIRE(folders().size() > 50);
  for (const std::string& folder : folders()) {
    CAPTURE(folder);
    const std::string report = fixture.report(folder);
    const fs::path expected = fs::path(EXPECTED_TEXTS) / folder / "expected.txt";
    if (std::getenv("JARVIS_TEST_WRITE_EXPECTED"))
      std::ofstream(expected, std::ios::binary) << report;
    CHECK(report == contents(expected));
    CHECK(fixture.apply("sound_edit", {{"agent", "a"}}) == "ok");
    CHECK(fixture.directory.read("config.toml") == kConfig);
    CHECK(!fs::exists(fixture.directory.path() / "agents"));
  }
}

TEST_CASE("broken plugins: whatever goes wrong, the text names the plugin or its folder") {
  Fixture fixture;
  for (const std::string& folder : folders()) {
    CAPTURE(folder);
    const auto loaded = fixture.plugins.load(fixture.entry(folder));
    if (!loaded) CHECK(loaded.error().message.find(folder) != std::string::npos);
  }
}

TEST_CASE("broken plugins: a second attempt gives the same refusal, and opens nothing again") {
  Fixture fixture;
  for (const std::string& folder : folders()) {
    CAPTURE(folder);
    const auto first = fixture.plugins.load(fixture.entry(folder));
    const std::string marks = contents(fixture.marker);
    const auto second = fixture.plugins.load(fixture.entry(folder));
    CHECK(outcome(first) == outcome(second));
    CHECK(contents(fixture.marker) == marks);
  }
}

TEST_CASE("broken plugins: the sound one does all that it offers") {
  Fixture fixture;
  CHECK(fixture.apply("sound_edit", {{"agent", "a"}}) == "ok");
  CHECK(fixture.apply("sound_edit", {{"agent", "B"}}) ==
        "field 'payload.agent' breaks the rule 'pattern' of its schema");
  CHECK(fixture.ask_teacher("sound_engine") == "ok");
  const auto judge = fixture.plugins.find(JARVIS_JUDGE_1, "sound_judge");
  REQUIRE(judge.ok());
  CHECK(fixture.ask_judge(*judge) == "ok");
}
