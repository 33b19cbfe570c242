// Checks sound and faulty plugins as 'plugins check' does: each fault must be a line that names it.
#include "core/host/check/plugin_check.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/home/staging/trial_homes.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::TemporaryDirectory;

namespace fs = std::filesystem;

namespace {

constexpr const char* kConfig =
    "[agent.a]\nnote = \"old\"\n[engine]\nhost = \"http://127.0.0.1\"\n";

CheckReport check(const fs::path& place, const std::optional<fs::path>& copied = std::nullopt,
                  double call_seconds = 20) {
  const auto homes = TrialHomes::make(copied);
  REQUIRE(homes.ok());
  CheckBench bench;
  bench.folder = (*homes)->folder();
  bench.limits.call_seconds = call_seconds;
  bench.limits.writable = {(*homes)->staging()};
  bench.stage = [&](const HomeFiles& files) { return (*homes)->stage(files); };
  bench.fixed_home = copied.has_value();
  auto report = check_plugin(place, bench);
  REQUIRE_MESSAGE(report.ok(), place);
  return *report;
}

std::string text_of(const CheckReport& report, CheckStatus status) {
  std::string text;
  for (const CheckLine& line : report.lines)
    if (line.status == status) text += line.name + ": " + line.message + "\n";
  return text;
}

std::string failures(const CheckReport& report) {
  return text_of(report, CheckStatus::fail);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void must_fail(const CheckReport& report, const std::string& name, const std::string& message) {
  CAPTURE(failures(report));
  CHECK_FALSE(report.ok());
  CHECK_MESSAGE(std::any_of(report.lines.begin(), report.lines.end(),
                            [&](const CheckLine& line) {
                              return line.status == CheckStatus::fail &&
                                     contains(line.name, name) && contains(line.message, message) &&
                                     !line.hint.empty();
                            }),
                name, ": ", message);
}

struct Fault {
  const char* folder;
  const char* name;
  const char* message;
};

fs::path broken(const char* folder) {
  return fs::path(BROKEN_PLUGINS) / folder;
}

fs::path own(const char* folder) {
  return fs::path(CHECK_PLUGINS) / folder;
}

}  // namespace

TEST_CASE("plugin check: a place where nothing is cannot be judged") {
  const auto report = check_plugin("/nowhere/at/all.so", {});
  REQUIRE_FALSE(report.ok());
  CHECK(report.error().kind == ErrorKind::not_found);
}

TEST_CASE("plugin check: names faults of files and manifest, and runs none of the code then") {
  for (const Fault& fault : {
           Fault{"not_toml", "plugin.toml can be read", "plugin.toml:3:15"},
           Fault{"missing_key", "says what the plugin is", "missing or empty: version"},
           Fault{"no_sha256", "the host accepts plugin.toml", "'sha256' is not 64 digits"},
           Fault{"invalid_schema", "payload_schema is valid", "'const', which is not enforced"},
           Fault{"schema_is_not_json", "payload_schema is valid", "is not JSON"},
           Fault{"pattern_that_is_not_enforced", "payload_schema is valid", "pattern"},
           Fault{"example_does_not_fit", "example fits payload_schema", "'example.agent'"},
           Fault{"unknown_interface", "that this host knows", "edit-undoer/1"},
           Fault{"unsafe_op_name", "the host accepts plugin.toml", "../escape"},
           Fault{"provides_nothing", "the host accepts plugin.toml", "provides nothing"},
           Fault{"wrong_abi_in_manifest", "this host's ABI", "ABI 2"},
           Fault{"library_in_another_folder", "the host accepts plugin.toml", "../plain/"},
           Fault{"group_writable_folder", "only you can write to the folder", "by others"},
           Fault{"world_writable_library", "only you can write to the library", "by others"},
           Fault{"missing_library", "is the file that plugin.toml names", "missing_library.so"},
           Fault{"wrong_sha256", "is the file that plugin.toml names", "its sha256 is"},
           Fault{"cut_after_build", "is the file that plugin.toml names", "its sha256 is"},
           Fault{"empty_library", "exports exactly one symbol", "no shared object"},
           Fault{"not_a_shared_object", "exports exactly one symbol", "no shared object"},
           Fault{"truncated_library", "exports exactly one symbol", "no shared object"},
           Fault{"wrong_architecture", "is built for this machine", "processor"},
           Fault{"no_symbol", "exports exactly one symbol", "jarvis_plugin_entry"},
       }) {
    CAPTURE(std::string(fault.folder));
    must_fail(check(broken(fault.folder)), fault.name, fault.message);
  }
}

TEST_CASE("plugin check: names what the host's loader would refuse") {
  for (const Fault& fault : {
           Fault{"undefined_symbol", "loads", "jarvis_no_such_function"},
           Fault{"wrong_magic", "loads", "not a jarvis_plugin"},
           Fault{"short_entry", "loads", "not a jarvis_plugin"},
           Fault{"wrong_abi_major", "loads", "ABI 2"},
           Fault{"manifest_lies_about_id", "loads", "somebody_else"},
           Fault{"manifest_lies_about_version", "loads", "2.0.0"},
           Fault{"manifest_lies_about_interface", "loads", "judge/1"},
           Fault{"init_fails", "loads", "the licence server is not there"},
           Fault{"throws_in_init", "loads", "exception"},
           Fault{"short_interface_table", "offers every function", "'apply' (edit-applier/1)"},
       }) {
    CAPTURE(std::string(fault.folder));
    must_fail(check(broken(fault.folder)), fault.name, fault.message);
  }
}

TEST_CASE("plugin check: names what an applier does wrong, on a copy of a home") {
  const TemporaryDirectory home;
  home.write("config.toml", kConfig);
  for (const Fault& fault : {
           Fault{"breaks_config", "apply makes the example", "no valid TOML"},
           Fault{"changes_nothing", "apply makes the example", "left every file as it was"},
           Fault{"unreported_change", "apply makes the example", "without reporting it"},
           Fault{"removes_config", "apply makes the example", "removed config.toml"},
           Fault{"makes_a_link", "apply makes the example", "symbolic link"},
           Fault{"writes_another_key", "apply makes the example", "'agent.a.tools'"},
           Fault{"writes_another_file", "apply makes the example", "may not touch"},
           Fault{"writes_forbidden_key", "apply makes the example", "'engine.host'"},
           Fault{"writes_untracked_file", "apply makes the example", "'MEMORY.md'"},
           Fault{"writes_outside_home", "apply makes the example", "outside.txt' outside"},
           Fault{"asks_for_a_service", "apply makes the example", "service 'http'"},
           Fault{"writes_in_validate", "validate accepts the example", "it wrote 'config.toml'"},
           Fault{"two_results", "apply makes the example", "2 results"},
           Fault{"status_99", "declines malformed requests", "unknown status 99"},
           Fault{"fails_without_saying_why", "declines malformed requests", "without saying why"},
           Fault{"throws_in_every_function", "declines malformed requests", "exception"},
       }) {
    CAPTURE(std::string(fault.folder));
    must_fail(check(broken(fault.folder), home.path()), fault.name, fault.message);
  }
}

TEST_CASE("plugin check: names what a tool, teacher, student or judge does wrong") {
  const auto empty = check(broken("empty_answer"));
  must_fail(empty, "teacher empty_answer: its answers can be read", "'role' is missing");
  must_fail(empty, "student empty_answer: its answers can be read", "'output' is missing");
  must_fail(empty, "judge empty_answer: declines malformed requests", "taken for a sound one");
  const auto throwing = check(broken("throws_in_every_function"));
  for (const char* kind : {"tool ", "teacher ", "student ", "judge "})
    for (const char* check :
         {"a failing service ends in a status", "comes back when it is cancelled",
          "answers alike from four threads at once"})
      must_fail(throwing, std::string(kind) + "throws_in_every_function: " + check, "exception");
}

TEST_CASE("plugin check: finds what no loader can see") {
  for (const Fault& fault : {
           Fault{"exports_more", "exports exactly one symbol", "beside the entry"},
           Fault{"crashes_on_broken_json", "declines malformed requests", "crashed in"},
           Fault{"leaves_the_home", "hostile names stay inside", "outside of the home"},
           Fault{"injects_toml", "hostile names stay inside", "TOML"},
           Fault{"counts_its_edits", "the same edit gives the same bytes", "came out otherwise"},
           Fault{"touches_forbidden_keys", "touches only what an op may", "'engine.*'"},
           Fault{"knows_one_thread", "from four threads at once", "for the same request"},
           Fault{"lets_services_fail", "a failing service ends in a status", "when "},
       }) {
    CAPTURE(std::string(fault.folder));
    must_fail(check(own(fault.folder)), fault.name, fault.message);
  }
}

TEST_CASE("plugin check: a crash or a hang is one failure, the other checks go on") {
  const auto crashing = check(own("crashes_on_broken_json"));
  CHECK(contains(text_of(crashing, CheckStatus::pass), "the same edit gives the same bytes"));
  const auto looping = check(own("loops_in_apply"), std::nullopt, 2);
  must_fail(looping, "apply makes the example", "did not come back from 'apply' within 2 s");
  CHECK(contains(text_of(looping, CheckStatus::pass), "validate accepts the example"));
}

TEST_CASE("plugin check: one run names every key that is to be mended") {
  const auto report = check(own("lacks_keys"));
  must_fail(report, "says what the plugin is", "missing or empty: summary");
  must_fail(report, "settings_schema is valid", "'$ref'");
  must_fail(report, "has every key", "missing or empty: summary, tier, touches");
  must_fail(report, "payload_schema is valid", "'oneOf'");
  CHECK(report.failures() == 4);
  CHECK(contains(text_of(report, CheckStatus::skipped), "the library"));
}

TEST_CASE("plugin check: the sound test plugin passes, by its folder, its library and a home") {
  const TemporaryDirectory home;
  home.write("config.toml", kConfig);
  const fs::path folder = fs::path(SOUND_PLUGINS) / "sound";
  const auto report = check(folder);
  CHECK(failures(report) == "");
  CHECK(report.manifest.id == "sound");
  CHECK(report.library == folder / "sound.so");
  CHECK(report.sha256 == report.manifest.sha256);
  CHECK(failures(check(folder / "sound.so")) == "");
  CHECK(failures(check(folder, home.path())) == "");
  CHECK(home.read("config.toml") == kConfig);
}

TEST_CASE("plugin check: a file beside the plugin's library is not the one that is named") {
  must_fail(check(fs::path(SOUND_PLUGINS) / "sound" / "plugin.toml"),
            "the library is the file that plugin.toml names", "it names 'sound.so'");
}

TEST_CASE("plugin check: every built-in plugin passes") {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(BUILT_IN_PLUGINS)) {
    CAPTURE(entry.path());
    CHECK(failures(check(entry.path())) == "");
    ++count;
  }
  CHECK(count > 10);
}

TEST_CASE("plugin check: what an applier takes although its schema does not is worth a note") {
  const auto report = check(own("crashes_on_broken_json"));
  CHECK(contains(text_of(report, CheckStatus::pass),
                 "note: 'validate' does not decline a payload whose 'agent' is of another type"));
}

TEST_CASE("plugin check: nothing of the trial homes is left behind") {
  fs::path folder;
  {
    const auto homes = TrialHomes::make(std::nullopt);
    REQUIRE(homes.ok());
    folder = (*homes)->folder();
    REQUIRE((*homes)->stage({{"config.toml", ""}}).ok());
    CHECK(fs::exists(folder));
  }
  CHECK_FALSE(fs::exists(folder));
  CHECK_FALSE(TrialHomes::make(fs::path("/nowhere")).ok());
}
