// A student whose tool changes something: not while it is measured, unless the user says so.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

FakeBehaviour calling(const std::string& tool) {
  FakeBehaviour behaviour;
  behaviour.student_calls = tool;
  behaviour.students = {{"student-small", 40}, {"student-large", 97}};
  behaviour.edits = {edit("better", "set_model_for_query_class",
                          {{"query_class", "general"}, {"model", "student-large"}})};
  return behaviour;
}

/** A world whose students have the tools of the scripted MCP server of this manner. */
struct Served : World {
  Served(const std::string& tool, const char* manner = "well") : World(calling(tool)) {
    set_config(home, {"agent", "simple", "class"}, json::value("orchestrator"));
    set_config(home, {"agent", "simple", "tools"}, json::array{"echo", "note"});
    const json::array servers{
        json::object{{"name", "scripted"}, {"command", MCP_SERVER}, {"args", json::array{manner}}}};
    set_config(home, {"tools", "mcp", "servers"}, json::value(json::serialize(servers)));
  }

  bool noted() const { return std::filesystem::exists(home / "note.txt"); }
  int notes_of_students() const {
    const auto calls = models.calls();
    return static_cast<int>(std::count_if(calls.begin(), calls.end(), [](const FakeCall& call) {
      return call.part == FakeCall::Part::student &&
             call.body.find("echo: called") != std::string::npos;
    }));
  }
};

std::string text_of(const Finished& finished) {
  return finished.out + finished.err;
}

}  // namespace

namespace {

constexpr const char* kReason =
    "tool 'note' has side effects and is not run in a gate (--allow-side-effects note)";

/** The status of the edit that was approved. */
std::string approved(const Served& world, const std::string& id,
                     const std::vector<std::string>& more) {
  std::vector<std::string> words{"learning", "approve", id};
  words.insert(words.end(), more.begin(), more.end());
  const auto finished = world.run(words);
  CAPTURE(text_of(finished));
  REQUIRE(finished.status == 0);
  return text_at(finished.json(), "/edit/status") + ": " +
         json::serialize(finished.json().at("edit"));
}

}  // namespace

TEST_CASE("side effects: a diagnosis whose runs all need a tool that changes something says so") {
  const Served world("note");
  const auto session = world.run({"learning", "run"});
  CHECK(text_at(session.json(), "/session/status") == "failed");
  CHECK(text_at(session.json(), "/clusters/0/drop_reason") ==
        std::string("no task of it was run and compared: ") + kReason);
  CHECK(world.notes_of_students() == 0);
  CHECK_FALSE(world.noted());
}

TEST_CASE("side effects: the gate does not decide by runs that a tool was refused to") {
  const Served world("note");
  const auto session =
      world.run({"learning", "run", "--autonomy", "manual", "--allow-side-effects", "note"});
  CAPTURE(text_of(session));
  REQUIRE(statuses(session.json()) == std::vector<std::string>{"pending_review"});
  const std::string id = text_at(session.json(), "/edits/0/id");
  const int diagnosed = world.notes_of_students();
  CHECK(diagnosed > 0);
  // What was run with the tool does not stand for a run without it.
  const std::string refused = approved(world, id, {});
  CHECK(refused.find("pending_review: ") == 0);
  CHECK(refused.find(kReason) != std::string::npos);
  CHECK(approved(world, id, {"--allow-side-effects", "send"}).find(kReason) != std::string::npos);
  CHECK(world.notes_of_students() == diagnosed);
  CHECK(approved(world, id, {"--allow-side-effects", "note"}).find("applied: ") == 0);
  CHECK(world.notes_of_students() > diagnosed);
}

TEST_CASE("side effects: tools are allowed one by one") {
  const Served world("note");
  for (const char* command : {"run", "resume"})
    CHECK(world.run({"learning", command, "--allow-side-effects", "*"}).status == 2);
}

TEST_CASE("side effects: a tool that only reads is run in a gate") {
  const Served world("echo");
  const auto session = world.run({"learning", "run", "--autonomy", "auto"});
  CAPTURE(text_of(session));
  CHECK(statuses(session.json()) == std::vector<std::string>{"applied"});
  CHECK(world.notes_of_students() > 0);
}

TEST_CASE("side effects: a server that fails is a missing run, never a wrong answer") {
  const Served world("echo", "crash_in_call");
  const auto session = world.run({"learning", "run", "--autonomy", "auto"});
  CAPTURE(text_of(session));
  CHECK(text_at(session.json(), "/clusters/0/drop_reason")
            .find("no task of it was run and compared: the MCP server 'scripted' ") == 0);
}

TEST_CASE(
    "side effects: who asks has all tools run, and a failing server does not stop the answer") {
  const Served world("note");
  const auto asked = world.run({"ask", question(1)});
  CAPTURE(text_of(asked));
  REQUIRE(asked.status == 0);
  CHECK(world.noted());
  const auto steps = world.run({"traces", "show", text_at(asked.json(), "/trace/trace_id")});
  CHECK(steps.out.find("echo: called") != std::string::npos);
  for (const char* manner : {"crash_at_start", "crash_in_call"}) {
    const Served broken("note", manner);
    CHECK(broken.run({"ask", question(1)}).status == 0);
  }
}

TEST_CASE("side effects: MCP servers that are described wrongly are an error that names the key") {
  const Served world("note");
  set_config(world.home, {"tools", "mcp", "servers"}, json::value("[{"));
  const auto asked = world.say({"ask", question(1)});
  CHECK(asked.status == 1);
  CHECK(asked.err.find("'tools.mcp.servers' cannot be used: its text is not JSON") !=
        std::string::npos);
}
