// What the user changes by hand, before a session and while one runs.
#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <functional>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/unit/home/git_command.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
namespace fs = std::filesystem;
using Part = FakeCall::Part;

namespace {

const std::string kPrompt = "agents/simple/system_prompt.md";
const std::string kMine = "\n[mine]\nadded = \"by hand\"\n";

FakeBehaviour one_good_edit() {
  FakeBehaviour behaviour;
  behaviour.edits = {edit("better", "set_model_for_query_class",
                          {{"query_class", "math"}, {"model", "student-large"}})};
  return behaviour;
}

/** A world whose user does something once, just before the first answer of some kind is sent. */
class Interfered : public World {
 public:
  using Deed = std::function<void(const World&)>;

  Interfered(FakeBehaviour behaviour, Part part, Deed deed, bool once_planned = false)
      : World(with_hook(std::move(behaviour), *this)), part_(part), deed_(std::move(deed)) {
    waits_for_plan_ = once_planned;
  }

 private:
  static FakeBehaviour with_hook(FakeBehaviour behaviour, Interfered& self) {
    behaviour.before_answer = [&self](Part part) { self.answering(part); };
    return behaviour;
  }
  void answering(Part part) {
    if (part == Part::plan) waits_for_plan_ = false;
    if (part == part_ && !waits_for_plan_ && !done_.exchange(true)) deed_(*this);
  }

  Part part_;
  Deed deed_;
  std::atomic<bool> waits_for_plan_ = false;
  std::atomic<bool> done_ = false;
};

std::string message(const json::object& document) {
  return text_at(document, "/error/message");
}

std::string log_of(const World& world) {
  return git(world.home, "log --format=%s");
}

void append_mine(const World& world) {
  world.write("config.toml", world.config() + kMine);
}

std::string last_session(const World& world) {
  return text_at(world.run({"learning", "history"}).json(), "/sessions/0/id");
}

}  // namespace

TEST_CASE("dirty tree: a config.toml that does not hold starts no session, and is not checked in") {
  const World world(one_good_edit());
  REQUIRE(world.run({"learning", "init"}).status == 0);
  SUBCASE("no TOML") {
    world.write("config.toml", world.config() + "\n[mine\n");
  }
  SUBCASE("an unknown key") {
    set_config(world.home, {"learning", "distillation", "min_trace"}, 3);
  }
  const std::string config = world.config();
  const auto finished = world.run({"learning", "run"});
  CHECK(finished.status == 1);
  CHECK(message(finished.json()).find("config.toml:") != std::string::npos);
  CHECK(world.config() == config);
  CHECK(world.commits().size() == 1);
  CHECK(world.models.calls().empty());
}

TEST_CASE("dirty tree: what git cannot keep starts no session, and is named") {
  const World world(one_good_edit());
  REQUIRE(world.run({"learning", "init"}).status == 0);
  SUBCASE("too large") {
    world.write("agents/odd.bin", "");
    fs::resize_file(world.home / "agents/odd.bin", std::uintmax_t{300} << 20);
  }
  SUBCASE("control characters in its name") {
    world.write("agents/odd.bin\x1b[31m", "x");
  }
  const auto told = world.say({"learning", "run"});
  CHECK(told.err.find("agents/odd.bin") != std::string::npos);
  CHECK(told.err.find('\x1b') == std::string::npos);
  const auto finished = world.run({"learning", "run"});
  CHECK(finished.status == 1);
  CHECK(message(finished.json()).find("agents/odd.bin") != std::string::npos);
  CHECK(world.commits().size() == 1);
  CHECK(world.models.paid_calls() == 0);
}

TEST_CASE("dirty tree: a preview and a session that cannot start check nothing in") {
  const World world(one_good_edit());
  REQUIRE(world.run({"learning", "init"}).status == 0);
  append_mine(world);
  CHECK(world.run({"learning", "run", "--preview"}).status == 0);
  const World poor({}, 3);
  REQUIRE(poor.run({"learning", "init"}).status == 0);
  append_mine(poor);
  CHECK(poor.run({"learning", "run"}).status == 3);
  CHECK(world.commits().size() == 1);
  CHECK(poor.commits().size() == 1);
}

TEST_CASE("dirty tree: hand-made changes before a session are checked in and told") {
  const World world(one_good_edit());
  REQUIRE(world.run({"learning", "init"}).status == 0);
  append_mine(world);
  world.write(kPrompt, "You serve everybody.\nEnd with a line FINAL and the answer.\n");
  world.write("agents/new/system_prompt.md", "new\r\n");
  const std::string odd = "tools/\xff odd.md";
  world.write(odd, "odd");
  fs::remove(world.home / "tools/descriptions.toml");
  SUBCASE("in the document of the session") {
    const auto finished = world.run({"learning", "run"});
    INFO(finished.out << finished.err);
    REQUIRE(finished.status == 0);
    const auto document = finished.json();
    const std::string manual = git(world.home, "rev-parse HEAD^");
    CHECK(text_at(document, "/git/pre") + "\n" == manual);
    CHECK(log_of(world) ==
          "learning: set_model_for_query_class math student-large\nManual changes\n"
          "learning: checkpoint baseline\n");
    CHECK(world.config().find(kMine) != std::string::npos);
    CHECK(world.config().find("math = \"student-large\"") != std::string::npos);
    CHECK(world.read("agents/new/system_prompt.md") == "new\r\n");
    CHECK(world.read(odd) == "odd");
    CHECK(git(world.home, "status --porcelain") == "");
    CHECK(world.commits().at(1) == "Manual changes\n");
    const auto shown = world.say({"learning", "show", last_session(world)}).out;
    CHECK(shown.find("checked in your changes to") != std::string::npos);
    CHECK(shown.find('\xff') == std::string::npos);
  }
  SUBCASE("to somebody who looks") {
    const auto finished = world.say({"learning", "run"});
    REQUIRE(finished.status == 0);
    const std::string commit = git(world.home, "rev-parse --short=8 HEAD^").substr(0, 8);
    CHECK(finished.err.find("checked in your changes to agents/new/system_prompt.md") !=
          std::string::npos);
    CHECK(finished.err.find("(commit " + commit + ")") != std::string::npos);
    CHECK(finished.err.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("dirty tree: changed while the session runs, it ends; resume checks in and goes on") {
  const Interfered world(one_good_edit(), Part::plan, [](const World& self) {
    self.write(kPrompt, "Mine.\nEnd with a line FINAL and the answer.\n");
  });
  const auto stopped = world.run({"learning", "run"});
  CHECK(stopped.status == 5);
  CHECK(message(stopped.json()) ==
        "Working tree dirty, cannot stage: " + kPrompt + " changed by hand");
  CHECK(world.commits().size() == 1);
  const auto resumed = world.run({"learning", "resume"});
  INFO(resumed.err);
  REQUIRE(resumed.status == 0);
  CHECK(statuses(resumed.json()) == std::vector<std::string>{"applied"});
  CHECK(world.models.count(Part::plan) == 1);
  CHECK(log_of(world).find("student-large\nManual changes\n") != std::string::npos);
  CHECK(world.read(kPrompt).rfind("Mine.", 0) == 0);
  CHECK(git(world.home, "status --porcelain") == "");
}

TEST_CASE("dirty tree: changed after an edit was applied, the rest is resumed on top") {
  FakeBehaviour behaviour = one_good_edit();
  behaviour.edits.push_back(edit("worse", "set_model_for_query_class",
                                 {{"query_class", "math"}, {"model", "student-poor"}}));
  const World* self = nullptr;
  std::atomic<bool> done = false;
  behaviour.before_answer = [&](Part part) {
    if (part != Part::student || self->commits().size() < 2 || done.exchange(true)) return;
    append_mine(*self);
  };
  const World world(behaviour);
  REQUIRE(world.run({"learning", "init"}).status == 0);
  self = &world;
  const auto stopped = world.run({"learning", "run"});
  CHECK(stopped.status == 5);
  const auto resumed = world.run({"learning", "resume"});
  INFO(resumed.err);
  REQUIRE(resumed.status == 0);
  CHECK(statuses(resumed.json()) == std::vector<std::string>{"applied", "rejected_by_gate"});
  CHECK(world.commits().size() == 3);
  CHECK(world.config().find(kMine) != std::string::npos);
}

TEST_CASE(
    "dirty tree: approve checks in what was changed before, and stops at what changes after") {
  FakeBehaviour behaviour = one_good_edit();
  const World* self = nullptr;
  std::atomic<bool> interferes = false;
  behaviour.before_answer = [&](Part part) {
    if (part == Part::student && interferes.exchange(false)) append_mine(*self);
  };
  const World world(behaviour);
  self = &world;
  REQUIRE(world.run({"learning", "run", "--autonomy", "manual"}).status == 0);
  const auto queue = world.run({"learning", "review"}).json();
  const std::string id = text_at(queue, "/pending/0/edit_id");
  interferes = true;
  const auto stopped = world.run({"learning", "approve", id});
  CHECK(stopped.status == 5);
  CHECK(message(stopped.json()).rfind("Working tree dirty, cannot stage: config.toml", 0) == 0);
  CHECK(world.commits().size() == 1);
  CHECK(world.run({"learning", "review"}).json() == queue);
  const auto approved = world.run({"learning", "approve", id});
  INFO(approved.err);
  REQUIRE(approved.status == 0);
  CHECK(text_at(approved.json(), "/edit/status") == "applied");
  CHECK(world.commits().at(1) == "Manual changes\n");
  CHECK(world.config().find(kMine) != std::string::npos);
  const auto shown = world.run({"learning", "show", last_session(world)}).out;
  CHECK(shown.find("checked in your changes to config.toml") != std::string::npos);
}

TEST_CASE("dirty tree: each session of a loop begins with what the user has changed") {
  // A session without edits ends without another look at the files.
  std::string key = "max_cost_per_session_usd";
  json::value value = 1.5;
  FakeBehaviour behaviour;
  const World* self = nullptr;
  std::atomic<bool> done = false;
  behaviour.before_answer = [&](Part part) {
    if (part == Part::plan && !done.exchange(true))
      set_config(self->home, {"learning", "distillation", key}, value);
  };
  const World world(behaviour);
  self = &world;
  REQUIRE(world.run({"learning", "init"}).status == 0);
  std::size_t sessions = 2;
  SUBCASE("which is checked in") {}
  SUBCASE("and with the settings of then") {
    key = "enabled";
    value = false;
    sessions = 1;
  }
  const auto document = world.run({"learning", "loop", "--max-sessions", "2"}).json();
  CHECK(document.at("sessions").as_array().size() == sessions);
  CHECK(world.commits().size() == sessions);
  if (sessions == 1)
    CHECK(text_at(document, "/stopped_by").find("enabled is false") != std::string::npos);
  else
    CHECK(world.commits().front() == "Manual changes\n");
}

namespace {

struct Interference {
  const char* name;
  Interfered::Deed deed;
};

const std::vector<Interference>& interferences() {
  static const std::vector<Interference> all{
      {"same key",
       [](const World& self) {
         set_config(self.home, {"learning", "routing", "policy_map", "math"}, "student-poor");
       }},
      {"other key", append_mine},
      {"deletes the file", [](const World& self) { fs::remove(self.home / "config.toml"); }},
      {"saves by rename", [](const World& self) {
         self.write("config.toml~", self.config() + kMine);
         fs::rename(self.home / "config.toml~", self.home / "config.toml");
       }}};
  return all;
}

/** The session ends with exit status 5, and what the user did is all that has changed. */
void check_kept(Part part, bool once_planned) {
  for (const Interference& interference : interferences()) {
    CAPTURE(interference.name);
    std::string config;
    bool is_there = true;
    const Interfered world(
        one_good_edit(), part,
        [&](const World& self) {
          interference.deed(self);
          config = self.config();
          is_there = fs::exists(self.home / "config.toml");
        },
        once_planned);
    REQUIRE(world.run({"learning", "init"}).status == 0);
    const std::string before = world.config();
    const auto stopped = world.run({"learning", "run"});
    CAPTURE(stopped.err);
    CHECK(stopped.status == 5);
    CHECK(message(stopped.json()).rfind("Working tree dirty, cannot stage: config.toml", 0) == 0);
    CHECK(config != before);
    CHECK(world.config() == config);
    CHECK(fs::exists(world.home / "config.toml") == is_there);
    CHECK(world.commits().size() == 1);
    CHECK(git(world.home, "show HEAD:config.toml") == before);
    if (!is_there) world.write("config.toml", before);
    const auto next = world.run({"learning", "run"});
    CAPTURE(next.err);
    CHECK(next.status == 0);
    CHECK(git(world.home, "status --porcelain") == "");
    CHECK(git(world.home, "fsck --strict").find("error") == std::string::npos);
  }
}

}  // namespace

TEST_CASE("fault: the user edits config.toml while the session is being prepared") {
  check_kept(Part::models, false);
}

TEST_CASE("fault: the user edits config.toml while it diagnoses") {
  check_kept(Part::diagnosis, false);
}

TEST_CASE("fault: the user edits config.toml while it plans") {
  check_kept(Part::plan, false);
}

TEST_CASE("fault: the user edits config.toml while the gate runs the student") {
  check_kept(Part::student, true);
}

TEST_CASE("fault: the user edits config.toml before the session: checked in, or all defaults") {
  for (const Interference& interference : interferences()) {
    CAPTURE(interference.name);
    const World world(one_good_edit());
    REQUIRE(world.run({"learning", "init"}).status == 0);
    interference.deed(world);
    const bool is_there = fs::exists(world.home / "config.toml");
    const std::string config = world.config();
    const auto finished = world.run({"learning", "run"});
    CAPTURE(finished.err);
    // Without the file the teacher is another one, whose key is not there.
    CHECK(finished.status == (is_there ? 0 : 1));
    CHECK(fs::exists(world.home / "config.toml") == is_there);
    if (is_there) CHECK(world.commits().at(world.commits().size() - 2) == "Manual changes\n");
    if (is_there)
      CHECK(git(world.home, "show HEAD~" + std::to_string(world.commits().size() - 2) +
                                ":config.toml") == config);
  }
}
