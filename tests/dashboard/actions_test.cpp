// What is started from the dashboard is what the commands do.
#include <doctest/doctest.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "core/home/lock.hpp"
#include "tests/dashboard/served.hpp"
#include "tests/e2e/world.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

FakeBehaviour planning(json::array edits) {
  FakeBehaviour behaviour;
  behaviour.edits = std::move(edits);
  return behaviour;
}

/** The key that the teacher's configuration names; the started programs inherit it. */
void set_key() {
  ::setenv("FERRENMARK_KEY", "heron", 1);
}

std::string session_id(const World& world) {
  return text_at(world.run({"learning", "history"}).json(), "/sessions/0/id");
}

std::string edit_with(const World& world, const std::string& status) {
  const auto document = world.run({"learning", "show", session_id(world)}).json();
  for (const json::value& edit : document.at("edits").as_array())
    if (text_at(edit, "/status") == status) return text_at(edit, "/id");
  return {};
}

/** The prompt's edit alone: it waits for review. */
json::array one_that_waits() {
  return {four_edits()[2]};
}

}  // namespace

TEST_CASE("dashboard: an action that cannot be done says why, as the command does") {
  set_key();
  const World world;
  const Served served(world.home);
  SUBCASE("another command holds the home") {
    const auto lock = jarvis::HomeLock::take(world.home, "a test");
    REQUIRE(lock);
    const Answer run = served.act("/run");
    CHECK(run.has(">failed</span>"));
    CHECK(run.has("another session holds the home"));
    CHECK(served.get("/").has("At work now: <strong>a test</strong>"));
  }
  SUBCASE("learning is switched off") {
    world.write("config.toml", "[learning.distillation]\nenabled = false\n");
    const Answer run = served.act("/run");
    CHECK(run.has(">failed</span>"));
    CHECK(run.has("learning is switched off"));
  }
}

TEST_CASE("dashboard: a session is run, its edit approved, and rolled back, by forms alone") {
  set_key();
  const World world(planning(four_edits()));
  const Served served(world.home);
  const Answer run = served.act("/run");
  INFO(run.body);
  REQUIRE(run.has(">done</span>"));
  const std::string id = session_id(world);
  CHECK(run.has("/sessions/" + id));
  CHECK(served.get("/sessions/" + id).has("awaiting review"));

  const std::string edit = edit_with(world, "pending_review");
  REQUIRE(!edit.empty());
  CHECK(served.get("/review").has("action=\"/review/" + edit + "/approve\""));
  const Answer approved = served.act("/review/" + edit + "/approve");
  INFO(approved.body);
  CHECK(approved.has(">done</span>"));
  CHECK(approved.has(">applied</span>"));
  CHECK(served.get("/review").has("Nothing waits for review."));
  CHECK(served.get("/actions").has("Approve " + edit));
  const Answer page = served.get("/sessions/" + id);
  CHECK(page.has("tasks won"));
  CHECK(page.has("With the edit"));
  CHECK(world.commits().size() == 3);

  const Answer back = served.act("/sessions/" + id + "/rollback");
  INFO(back.body);
  CHECK(back.has(">done</span>"));
  CHECK(served.get("/sessions/" + id).has("rolled back"));
  CHECK(served.get("/").has("class=\"back\""));
  CHECK(served.post("/review/" + edit + "/approve").status == 404);
}

TEST_CASE("dashboard: an edit is rejected with its reason") {
  set_key();
  const World world(planning(one_that_waits()));
  REQUIRE(world.run({"learning", "run"}).status == 0);
  const std::string edit = edit_with(world, "pending_review");
  REQUIRE(!edit.empty());
  const Served served(world.home);
  const std::string reason = "--last <b>\"too long\"</b> & 'odd' \u00e4";
  const Answer rejected = served.act("/review/" + edit + "/reject", {{"reason", reason}});
  INFO(rejected.body);
  CHECK(rejected.has(">done</span>"));
  const auto document = world.run({"learning", "show", session_id(world)}).json();
  CHECK(text_at(document, "/edits/0/status") == "rejected_by_user");
  CHECK(text_at(document, "/edits/0/reject_reason") == reason);
  CHECK(served.get("/review").has("Nothing waits for review."));
}

TEST_CASE("dashboard: what runs is seen while it runs, and stops with the dashboard") {
  set_key();
  std::mutex mutex;
  std::condition_variable turned;
  bool is_planning = false, may_go_on = false;
  FakeBehaviour behaviour = planning(one_that_waits());
  behaviour.before_plan = [&] {
    std::unique_lock lock(mutex);
    is_planning = true;
    turned.notify_all();
    turned.wait(lock, [&] { return may_go_on; });
  };
  const auto go_on = [&] {
    const std::lock_guard lock(mutex);
    may_go_on = true;
    turned.notify_all();
  };
  const World world(std::move(behaviour));
  auto served = std::make_unique<Served>(world.home);
  REQUIRE(served->post("/run").status == 303);
  {
    std::unique_lock lock(mutex);
    turned.wait(lock, [&] { return is_planning; });
  }
  const Answer action = served->get("/actions/1");
  CHECK(action.has(">running</span>"));
  CHECK(action.has("<noscript><meta http-equiv=\"refresh\""));
  const Answer overview = served->get("/");
  CHECK(overview.has("At work now"));
  CHECK(overview.has("learning run"));
  CHECK(served->get("/sessions").has(">planning</span>"));
  CHECK(served->post("/run").status == 303);
  CHECK(served->post("/run").status != 303);
  SUBCASE("to its end") {
    go_on();
    for (;;)
      if (served->get("/actions/1").has(">done</span>")) break;
    CHECK(served->get("/actions/2").has("another session holds the home"));
  }
  SUBCASE("until the dashboard ends") {
    served.reset();
    go_on();
    const auto document = world.run({"learning", "history"}).json();
    CHECK(text_at(document, "/sessions/0/status") == "failed");
  }
}
