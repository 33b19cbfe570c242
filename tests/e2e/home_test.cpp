#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/support/user_git.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
namespace fs = std::filesystem;
using Part = FakeCall::Part;

namespace {

using Strings = std::vector<std::string>;

FakeBehaviour better_edit() {
  FakeBehaviour behaviour;
  behaviour.edits = {edit("better", "set_model_for_query_class",
                          {{"query_class", "math"}, {"model", "student-large"}})};
  return behaviour;
}

std::string bytes_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

mode_t mode_of(const fs::path& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 0777;
}

}  // namespace

TEST_CASE(
    "home: a config.toml that the user changes during the session keeps the user's bytes, exit 5") {
  fs::path config;
  FakeBehaviour behaviour = better_edit();
  std::string users;
  behaviour.before_plan = [&] {
    users = bytes_of(config) + "\n[mine]\nadded = \"by hand\"\n";
    std::ofstream(config, std::ios::binary) << users;
  };
  const World world(behaviour);
  config = world.home / "config.toml";
  const auto finished = world.run({"learning", "run"});
  CHECK(finished.status == 5);
  const auto document = finished.json();
  CHECK(text_at(document, "/error/message").rfind("Working tree dirty, cannot stage", 0) == 0);
  CHECK(text_at(document, "/error/hint") == "commit or revert the manual changes first");
  CHECK(text_at(document, "/session/status") == "failed");
  CHECK(world.config() == users);
  CHECK(world.commits().size() == 1);
}

TEST_CASE("home: a repository of the user's that tracks other things is refused and left alone") {
  const World world;
  world.write("notes.md", "mine\n");
  commit_by_user(world.home, {"notes.md"});
  const auto finished = world.run({"learning", "init"});
  CHECK(finished.status == 1);
  const auto document = finished.json();
  CHECK(text_at(document, "/error/message").find("tracks other things: 'notes.md'") !=
        std::string::npos);
  CHECK(text_at(document, "/error/hint") != "");
  CHECK(world.commits() == Strings{"mine\n"});
  CHECK(world.run({"learning", "run"}).status == 1);
  CHECK(world.models.calls().empty());
}

TEST_CASE("home: what lies beside the tracked files is left alone") {
  const World world(better_edit());
  const Strings others{"src/engine/main.py", ".venv/lib/module.py", "memory.db", "SOUL.md",
                       "src/.git/HEAD"};
  for (const std::string& file : others) world.write(file, "kept: " + file);
  std::vector<fs::file_time_type> times;
  for (const std::string& file : others) times.push_back(fs::last_write_time(world.home / file));
  const auto finished = world.run({"learning", "run"});
  INFO(finished.out << finished.err);
  REQUIRE(statuses(finished.json()) == Strings{"applied"});
  REQUIRE(world.run({"learning", "rollback", "--last"}).status == 0);
  for (std::size_t i = 0; i < others.size(); ++i) {
    CHECK(world.read(others[i]) == "kept: " + others[i]);
    CHECK(fs::last_write_time(world.home / others[i]) == times[i]);
  }
  CHECK(world.tracked() ==
        Strings{"agents/simple/system_prompt.md", "config.toml", "tools/descriptions.toml"});
  const fs::path staging = world.home / "learning" / "staging";
  CHECK((!fs::exists(staging) || fs::is_empty(staging)));
}

TEST_CASE("home: what the product writes is the owner's alone") {
  const World world(better_edit());
  REQUIRE(world.run({"learning", "run"}).status == 0);
  CHECK(mode_of(world.home / "learning") == 0700);
  for (const auto& entry : fs::recursive_directory_iterator(world.home / "learning")) {
    CAPTURE(entry.path());
    CHECK((mode_of(entry.path()) & 0077) == 0);
  }
}

TEST_CASE("home: at concurrency 8 the gate has 8 calls in work, and never a ninth") {
  FakeBehaviour behaviour = better_edit();
  behaviour.latency = std::chrono::milliseconds(10);
  const World world(behaviour, 100);
  REQUIRE(world.run({"learning", "init"}).status == 0);
  REQUIRE(world.run({"learning", "benchmark", "refresh"}).status == 0);
  CHECK(world.models.peak() <= 8);
  set_config(world.home, {"learning", "distillation", "gate", "benchmark_subsample_size"}, 50);
  set_config(world.home, {"learning", "distillation", "gate", "concurrency"}, 8);
  commit_by_user(world.home, {"config.toml"});
  const auto finished = world.run({"learning", "run"});
  INFO(finished.out << finished.err);
  const auto document = finished.json();
  CHECK(statuses(document) == Strings{"applied"});
  CHECK(document.at("benchmark").at("before").at("task_count").to_number<int>() == 50);
  CHECK(world.models.peak() == 8);
}

TEST_CASE("home: with the student's server down not one call is paid for") {
  const World world(better_edit());
  set_config(world.home, {"learning", "distillation", "student", "base_url"},
             json::value(unreachable_url()));
  const auto finished = world.run({"learning", "run"});
  CHECK(finished.status == 1);
  CHECK(text_at(finished.json(), "/error/message").find("the student's server cannot be reached") !=
        std::string::npos);
  CHECK(world.models.calls().empty());
}
