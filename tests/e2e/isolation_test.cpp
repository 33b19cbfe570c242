// Sessions in which a third-party plugin crashes, hangs or takes all memory. How many is said by
// $JARVIS_ISOLATION_RUNS; without it every combination is met once.
#include <doctest/doctest.h>

#include <cstdlib>

#include "core/home/paths.hpp"
#include "tests/e2e/world.hpp"
#include "tests/isolation/processes.hpp"
#include "tests/isolation/world.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/support/user_git.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

using Strings = std::vector<std::string>;

struct Fault {
  const char* plugin;
  double timeout_seconds;
  /** What is said of it, behind the plugin's name. */
  const char* in_apply;
  const char* in_generate;
};

constexpr Fault kFaults[] = {
    {"segfaults", 60, "' crashed in 'apply': its process ",
     "' crashed in 'generate': its process "},
    {"loops_for_ever", 0.3, "' did not come back from 'apply' within 0.3 s",
     "' did not come back from 'generate' within 0.3 s"},
    {"allocates_without_end", 60, "' failed in 'apply': out of memory",
     "' failed in 'generate': out of memory"}};

int runs() {
  const char* wanted = std::getenv("JARVIS_ISOLATION_RUNS");
  return wanted ? std::atoi(wanted) : 2 * static_cast<int>(std::size(kFaults));
}

bool can_be_shown(const Fault& fault) {
  return std::string(fault.plugin) != "allocates_without_end" || !is_sanitized();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json::object edit_by(const Fault& fault) {
  json::object proposed = edit("faulty", fault.plugin, {});
  proposed["target"] = "agents.simple.note";
  return proposed;
}

json::object edit_to_student(const char* id, const char* model) {
  return edit(id, "set_model_for_query_class", {{"query_class", "math"}, {"model", model}});
}

/** A home that allows the plugin. */
struct Trial {
  World world;
  std::string config;
  Strings commits;

  Trial(const Fault& fault, json::array edits) : world(behaviour_with(std::move(edits))) {
    set({"plugins", "directories"}, json::array{ISOLATION_PLUGINS});
    set({"plugins", "allow"}, json::array{fault.plugin});
    set({"plugins", "timeout_seconds"}, fault.timeout_seconds);
    set({"plugins", "memory_mb"}, 64);
    set({"tier_overrides", fault.plugin}, "auto");
  }

  static FakeBehaviour behaviour_with(json::array edits) {
    FakeBehaviour behaviour;
    behaviour.edits = std::move(edits);
    return behaviour;
  }

  void set(Strings below, const json::value& value) const {
    below.insert(below.begin(), {"learning", "distillation"});
    set_config(world.home, below, value);
  }

  /** A benchmark made by a teacher that can. */
  void prepare() {
    REQUIRE(world.run({"learning", "init"}).status == 0);
    REQUIRE(world.run({"learning", "benchmark", "refresh"}).status == 0);
  }

  /** Makes the plugin the teacher, as its user would. */
  void change_teacher(const char* engine) {
    set({"teacher", "engine"}, engine);
    commit_by_user(world.home, {"config.toml"});
  }

  Finished session() {
    config = world.config();
    commits = world.commits();
    return world.run({"learning", "run"});
  }

  void check_that_nothing_is_left() const {
    // Its processes work where the program worked.
    CHECK(processes_in(world.directory.path()).empty());
    const fs::path staging = world.home / jarvis::kStagingFolder;
    CHECK((!fs::exists(staging) || fs::is_empty(staging)));
  }

  void check_that_nothing_changed() const {
    check_that_nothing_is_left();
    CHECK(world.config() == config);
    CHECK(world.commits() == commits);
  }
};

void fail_in_apply(const Fault& fault) {
  Trial trial(fault, {edit_by(fault), edit_to_student("worse", "student-poor")});
  trial.prepare();
  const auto finished = trial.session();
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  const auto document = finished.json();
  CHECK(statuses(document) == Strings{"skipped", "rejected_by_gate"});
  CHECK(text_at(document, "/session/status") == "completed");
  CHECK(has(text_at(document, "/edits/0/error"), fault.in_apply));
  CHECK(has(text_at(document, "/edits/0/error"), fault.plugin));
  trial.check_that_nothing_changed();
}

void fail_in_generate(const Fault& fault) {
  Trial trial(fault, {edit_to_student("better", "student-large")});
  trial.prepare();
  trial.change_teacher(fault.plugin);
  const auto finished = trial.session();
  INFO(finished.out << finished.err);
  CHECK(finished.status == 1);
  const auto document = finished.json();
  CHECK(has(text_at(document, "/error/message"), fault.in_generate));
  CHECK(has(text_at(document, "/error/message"), fault.plugin));
  CHECK(text_at(document, "/session/status") == "failed");
  CHECK(has(text_at(document, "/session/error/message"), fault.in_generate));
  CHECK(document.at("session").at("teacher_cost_usd").is_number());
  trial.check_that_nothing_changed();
}

}  // namespace

TEST_CASE("isolation: a plugin that fails in a session costs its own edit or that session alone") {
  for (int run = 0; run < runs(); ++run) {
    const Fault& fault = kFaults[static_cast<std::size_t>(run / 2) % std::size(kFaults)];
    CAPTURE(run);
    CAPTURE(std::string(fault.plugin));
    if (!can_be_shown(fault)) {
      MESSAGE(fault.plugin << " is passed over: memory is not limited under a sanitizer");
      continue;
    }
    if (run % 2 == 0)
      fail_in_apply(fault);
    else
      fail_in_generate(fault);
  }
}

TEST_CASE("isolation: after an applier's crash the next edit is tried, and applied") {
  Trial trial(kFaults[0], {edit_by(kFaults[0]), edit_to_student("better", "student-large")});
  trial.prepare();
  const auto finished = trial.session();
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  CHECK(statuses(finished.json()) == Strings{"skipped", "applied"});
  CHECK(trial.world.commits().size() == trial.commits.size() + 1);
  trial.check_that_nothing_is_left();
}
