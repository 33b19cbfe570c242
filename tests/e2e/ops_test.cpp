#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;
using Part = FakeCall::Part;

namespace {

/** One edit, and how a student's request shows that it is in force. */
struct Case {
  const char* op;
  json::object payload;
  std::function<bool(const json::object&)> shows;
};

std::string system_text(const json::object& request) {
  for (const auto& message : request.at("messages").as_array())
    if (message.at("role") == "system") return std::string(message.at("content").as_string());
  return {};
}

bool has_tool(const json::object& request, const std::string& name) {
  if (!request.contains("tools")) return false;
  const auto& tools = request.at("tools").as_array();
  return std::any_of(tools.begin(), tools.end(), [&](const auto& tool) {
    return tool.at("function").at("name").as_string() == name;
  });
}

bool holds(const json::object& request, const std::string& text) {
  return json::serialize(request).find(text) != std::string::npos;
}

/** All ten ops that change something, in an order in which each adds to the one before. */
std::vector<Case> live_ops() {
  const std::string diff =
      "@@ -1,3 +1,4 @@\n You serve the shops of Ferrenmark.\n+Count every crate.\n \n"
      " End with a line FINAL and the answer.\n";
  return {
      {"set_model_for_query_class",
       {{"query_class", "math"}, {"model", "student-large"}},
       [](const json::object& r) { return r.at("model") == "student-large"; }},
      {"set_model_param",
       {{"model", "student-large"}, {"param", "top_p"}, {"value", 0.5}},
       [](const json::object& r) { return r.contains("top_p") && r.at("top_p") == 0.5; }},
      {"set_agent_param",
       {{"agent", "simple"}, {"param", "max_tokens"}, {"value", 321}},
       [](const json::object& r) { return holds(r, ":321"); }},
      {"patch_system_prompt",
       {{"agent", "simple"}, {"diff", diff}},
       [](const json::object& r) { return holds(r, "Count every crate."); }},
      {"replace_system_prompt",
       {{"agent", "simple"}, {"new_content", "Be exact.\nEnd with a line FINAL and the answer.\n"}},
       [](const json::object& r) { return system_text(r).rfind("Be exact.", 0) == 0; }},
      {"add_tool_to_agent",
       {{"agent", "simple"}, {"tool_name", "calculator"}},
       [](const json::object& r) { return has_tool(r, "calculator") && has_tool(r, "think"); }},
      {"edit_tool_description",
       {{"tool_name", "calculator"}, {"new_description", "Adds up crates."}},
       [](const json::object& r) { return holds(r, "Adds up crates."); }},
      {"remove_tool_from_agent",
       {{"agent", "simple"}, {"tool_name", "think"}},
       [](const json::object& r) { return has_tool(r, "calculator") && !has_tool(r, "think"); }},
      {"edit_few_shot_exemplars",
       {{"agent", "simple"},
        {"exemplars", {{{"input", "Which bird sings?"}, {"output", "FINAL the wren"}}}}},
       [](const json::object& r) { return holds(r, "FINAL the wren"); }},
      {"set_agent_class",
       {{"agent", "simple"}, {"new_class", "native_react"}},
       [](const json::object& r) {
         return !r.contains("tools") && holds(r, "Action Input") && holds(r, "Adds up crates.");
       }},
  };
}

FakeBehaviour planning(const std::vector<Case>& cases) {
  FakeBehaviour behaviour;
  for (const Case& item : cases) behaviour.edits.push_back(edit(item.op, item.op, item.payload));
  return behaviour;
}

/** Whether a student of this world was ever asked in this way. */
bool was_seen(const World& world, const Case& item) {
  const auto calls = world.models.calls();
  return std::any_of(calls.begin(), calls.end(), [&](const FakeCall& call) {
    return call.part == Part::student && item.shows(json::parse(call.request).as_object());
  });
}

}  // namespace

TEST_CASE(
    "ops: each of the ten live ops changes what the student is asked, and rollback undoes all") {
  const auto cases = live_ops();
  const World world(planning(cases));
  set_config(world.home, {"agent", "simple", "class"}, "orchestrator");
  set_config(world.home, {"agent", "simple", "tools"}, json::array{"think"});
  // Every edit that can be measured is accepted: this test is about effects, not about gains.
  set_config(world.home, {"learning", "distillation", "gate", "min_improvement"}, -1.0);
  set_config(world.home, {"learning", "distillation", "gate", "max_regression"}, 1.0);
  REQUIRE(world.run({"learning", "init"}).status == 0);
  const std::string config = world.config(), prompt = world.read("agents/simple/system_prompt.md"),
                    descriptions = world.read("tools/descriptions.toml");

  const auto finished = world.run({"learning", "run", "--autonomy", "auto"});
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  const auto document = finished.json();
  REQUIRE(document.at("edits").as_array().size() == cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(cases[i].op);
    CHECK_MESSAGE(text_at(document.at("edits").at(i), "/status") == "applied",
                  json::serialize(document.at("edits").at(i)));
    CHECK(was_seen(world, cases[i]));
  }
  CHECK(world.models.count(Part::refused) == 0);
  CHECK(world.commits().size() == 1 + cases.size());

  const auto back = world.run({"learning", "rollback", "--last"});
  INFO(back.out << back.err);
  REQUIRE(back.status == 0);
  CHECK(world.config() == config);
  CHECK(world.read("agents/simple/system_prompt.md") == prompt);
  CHECK(world.read("tools/descriptions.toml") == descriptions);
  CHECK_FALSE(std::filesystem::exists(world.home / "agents/simple/few_shot.json"));
  CHECK(world.commits().size() == 1 + 2 * cases.size());
}

TEST_CASE("ops: an edit that the student cannot notice is skipped before any run") {
  const World world(planning(
      {{"set_agent_param", {{"agent", "simple"}, {"param", "top_k"}, {"value", 5}}, nullptr},
       {"add_tool_to_agent", {{"agent", "simple"}, {"tool_name", "shell_exec"}}, nullptr},
       {"set_model_for_query_class",
        {{"query_class", "math"}, {"model", "student-absent"}},
        nullptr}}));
  REQUIRE(world.run({"learning", "init"}).status == 0);
  const auto finished = world.run({"learning", "run"});
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  const auto document = finished.json();
  CHECK(statuses(document) == std::vector<std::string>{"skipped", "skipped", "skipped"});
  CHECK(text_at(document, "/edits/0/error").rfind("no effect on this student: ", 0) == 0);
  CHECK(text_at(document, "/edits/1/error").rfind("no effect on this student: ", 0) == 0);
  CHECK(text_at(document, "/edits/2/error").find("'student-absent'") != std::string::npos);
  CHECK(world.commits().size() == 1);
}

TEST_CASE("ops: an edit that gives a held-out answer away is skipped") {
  std::string answers;
  for (std::size_t i = 0; i < 60; ++i)
    answers += question(i) + " FINAL " + right_answer(i) + "\n\n";
  const World world(planning(
      {{"replace_system_prompt", {{"agent", "simple"}, {"new_content", answers}}, nullptr}}));
  REQUIRE(world.run({"learning", "init"}).status == 0);
  const auto finished = world.run({"learning", "run", "--autonomy", "auto"});
  REQUIRE(finished.status == 0);
  const auto document = finished.json();
  CHECK(statuses(document) == std::vector<std::string>{"skipped"});
  CHECK(text_at(document, "/edits/0/error").rfind("contains benchmark answers", 0) == 0);
}
