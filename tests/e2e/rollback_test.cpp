// What can have happened between a session and its rollback.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/unit/home/git_command.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

const std::string kPrompt = "agents/simple/system_prompt.md";
const std::string kEdit = "math = \"student-large\"\n";

FakeBehaviour planning(json::array edits) {
  FakeBehaviour behaviour;
  behaviour.edits = std::move(edits);
  return behaviour;
}

json::object routing(const std::string& model) {
  return edit("better", "set_model_for_query_class", {{"query_class", "math"}, {"model", model}});
}

json::object prompting() {
  return edit("prompt", "replace_system_prompt",
              {{"agent", "simple"},
               {"new_content",
                "You serve the shops of Ferrenmark.\n\nWork step by step.\n"
                "End with a line FINAL and the answer.\n"}});
}

/** A world in which a session has applied its edits. */
struct Applied : World {
  explicit Applied(json::array edits = {routing("student-large")})
      : World(planning(std::move(edits))) {
    REQUIRE(run({"learning", "init"}).status == 0);
    before = config();
    const auto finished = run({"learning", "run", "--autonomy", "auto"});
    REQUIRE_MESSAGE(finished.status == 0, finished.out << finished.err);
    session = text_at(finished.json(), "/session/id");
    for (const std::string& status : statuses(finished.json())) REQUIRE(status == "applied");
  }
  Finished back() const { return run({"learning", "rollback", session}); }
  std::string git_says(const std::string& arguments) const { return git(home, arguments); }
  std::string status_of_session() const {
    return text_at(run({"learning", "show", session}).json(), "/session/status");
  }
  void change(const std::string& from, const std::string& to) const {
    std::string text = config();
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    write("config.toml", text.replace(at, from.size(), to));
  }
  /** Refused with exit status 1, and nothing has changed. Gives the message. */
  std::string refused() const {
    const std::string head = git_says("rev-parse HEAD"), text = config();
    const std::string status = git_says("status --porcelain");
    const auto finished = back();
    CHECK(finished.status == 1);
    CHECK(git_says("rev-parse HEAD") == head);
    CHECK(git_says("status --porcelain") == status);
    CHECK(config() == text);
    return text_at(finished.json(), "/error/message");
  }

  std::string before;
  std::string session;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("rollback: later changes of the same lines are shown, and nothing is changed") {
  const Applied world;
  world.change(kEdit, "math = \"mine \x1b[31m\xff\"  # é\n");
  SUBCASE("by hand, not committed") {
    // Not UTF-8 is no TOML, and what does not hold is not checked in.
    CHECK(has(world.refused(), "config.toml"));
    world.change("mine \x1b[31m\xff", "mine");
    const std::string message = world.refused();
    CHECK(has(message, "'config.toml' line "));
    CHECK(has(message, "now \"math = \"mine\"  # é\", the edit had \"math = \"student-large\"\""));
  }
  SUBCASE("committed, with control characters") {
    world.git_says("commit -qam mine");
    const auto told = world.say({"learning", "rollback", world.session});
    CHECK(told.status == 1);
    CHECK(has(told.err, "mine"));
    CHECK(told.err.find('\x1b') == std::string::npos);
    CHECK(told.err.find('\xff') == std::string::npos);
    CHECK(std::count(told.err.begin(), told.err.end(), '\n') == 1);
  }
  CHECK(world.status_of_session() == "completed");
}

TEST_CASE("rollback: hand-made changes elsewhere are kept, checked in before") {
  const Applied world;
  world.write("config.toml", world.config() + "\n[mine]\nadded = 1\n");
  world.write("agents/new/system_prompt.md", "new\n");
  const auto finished = world.back();
  REQUIRE_MESSAGE(finished.status == 0, finished.out);
  const auto document = finished.json();
  CHECK(text_at(document, "/manual_commit") + "\n" == world.git_says("rev-parse HEAD^"));
  CHECK(world.config() == world.before + "\n[mine]\nadded = 1\n");
  CHECK(world.read("agents/new/system_prompt.md") == "new\n");
  CHECK(world.commits().at(1) == "Manual changes\n");
  CHECK(world.git_says("status --porcelain") == "");
}

TEST_CASE("rollback: a second time is refused clearly") {
  const Applied world;
  REQUIRE(world.back().status == 0);
  CHECK(world.refused() == "session '" + world.session + "' is rolled back already");
}

TEST_CASE("rollback: what the user reverted with git counts, and is said") {
  const Applied world({routing("student-large"), prompting()});
  world.git_says("revert --no-edit HEAD");
  const auto told = world.say({"learning", "rollback", "--last"});
  CHECK(told.status == 0);
  CHECK(has(told.out, "was taken back already"));
  CHECK(has(told.out, "taken back by"));
  CHECK(world.config() == world.before);
  CHECK(world.commits().size() == 5);
  CHECK(world.status_of_session() == "rolled_back");
}

TEST_CASE("rollback: an older session, where a newer one changed other lines of the file") {
  const Applied world;
  // Another teacher, and a gate that lets through what makes nothing worse.
  const FakeModels other(
      planning({edit("cooler", "set_model_param",
                     {{"model", "student-small"}, {"param", "temperature"}, {"value", 0.1}})}));
  set_config(world.home, {"learning", "distillation", "teacher", "base_url"},
             json::value(other.url()));
  set_config(world.home, {"learning", "distillation", "gate", "min_improvement"}, -1.0);
  set_config(world.home, {"learning", "distillation", "gate", "noise_confidence"}, 0.0);
  const auto newer = world.run({"learning", "run"});
  REQUIRE_MESSAGE(newer.status == 0, newer.out << newer.err);
  REQUIRE(statuses(newer.json()) == std::vector<std::string>{"applied"});
  REQUIRE(has(world.config(), "temperature = 0.1\n"));
  const auto finished = world.back();
  REQUIRE_MESSAGE(finished.status == 0, finished.out);
  CHECK_FALSE(has(world.config(), kEdit));
  CHECK(has(world.config(), "temperature = 0.1\n"));
  CHECK(world.git_says("status --porcelain") == "");
  const auto last = world.run({"learning", "rollback", "--last"});
  CHECK(text_at(last.json(), "/session_id") == text_at(newer.json(), "/session/id"));
  CHECK_FALSE(has(world.config(), "temperature = 0.1\n"));
}

TEST_CASE("rollback: several edits, all or none") {
  const Applied world({routing("student-large"), prompting()});
  const std::string prompt = world.read(kPrompt);
  SUBCASE("all, newest first") {
    const auto finished = world.back();
    REQUIRE_MESSAGE(finished.status == 0, finished.out);
    CHECK(world.config() == world.before);
    CHECK_FALSE(has(world.read(kPrompt), "step by step"));
    CHECK(text_at(finished.json(), "/reverted/0/commit") + "\n" ==
          world.git_says("rev-parse HEAD~2"));
  }
  SUBCASE("none, where one conflicts") {
    world.change(kEdit, "math = \"student-poor\"\n");
    CHECK(has(world.refused(), "student-poor"));
    CHECK(world.read(kPrompt) == prompt);
  }
}

TEST_CASE("rollback: a session that another program applied is refused clearly") {
  const Applied world;
  const std::string file = "learning/sessions/" + world.session + "/session.json";
  const std::string commit = world.git_says("rev-parse HEAD").substr(0, 40);
  std::string record = world.read(file);
  const auto written = [&](const std::string& with) {
    std::string text = record;
    for (std::size_t at = 0; (at = text.find(commit, at)) != std::string::npos; at += with.size())
      text.replace(at, commit.size(), with);
    world.write(file, text);
  };
  written("abc123");
  CHECK(has(world.refused(), "'abc123' is not the full id of a commit"));
  written(std::string(40, 'b'));
  CHECK(has(world.refused(), "is not in the history"));
  written("");
  CHECK(has(world.refused(), "without a commit"));
  written(commit);
  world.git_says("commit -q --amend -m rewritten");
  CHECK(has(world.refused(), "is not in the history"));
  CHECK(has(world.config(), kEdit));
}
