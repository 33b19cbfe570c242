#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <jarvis/text/toml_document.hpp>

#include "core/home/traces/trace_writer.hpp"
#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

const fs::path kPython = "/usr/bin/python3";
constexpr std::size_t kItsTraces = 90;

/** The fixture of a home that OpenJarvis made; empty, with a message, where a test has to skip. */
fs::path fixture() {
  const char* kit = std::getenv("JARVIS_OPENJARVIS_HOME");
  if (kit && *kit && fs::exists(kPython)) return fs::path(kit) / "home";
  MESSAGE(
      "skipped: JARVIS_OPENJARVIS_HOME does not name the home that OpenJarvis made, or there is "
      "no "
      << kPython.string());
  return {};
}

int mode_of(const fs::path& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return static_cast<int>(facts.st_mode & 07777);
}

/** A world whose home is a copy of the fixture. The models answer none of its questions, so that
 * traces of the made-up shops are added, as if the user had gone on. */
struct OpenJarvisWorld : World {
  OpenJarvisWorld(const fs::path& from, const std::string& dialect, json::array edits)
      : World(planning(std::move(edits)), 0) {
    fs::remove_all(home);
    fs::copy(from, home, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(home))
      fs::permissions(entry.path(), fs::perms(entry.is_directory() ? 0700 : 0600));
    fs::permissions(home, fs::perms(0700));
    write("config.toml", read("config.toml") + distillation(dialect));
    set_config(home, {"intelligence", "default_model"}, "student-small");
    set_config(home, {"agent", "default_system_prompt"}, "You help.\nBe brief.");
    fs::permissions(home / "config.toml", fs::perms(0644));
  }

  void go_on() const {
    std::vector<jarvis::Trace> traces;
    for (std::size_t i = 0; i < 60; ++i) traces.push_back(made_up_trace(i, 45));
    REQUIRE(jarvis::insert_traces(home / "traces.db", traces));
  }

  /** Runs the stand-in for OpenJarvis' own readers. */
  Finished loader(const std::string& what) const {
    return run_program({{kPython.string(), OPENJARVIS_LOADER, what, home.string()},
                        {{"PATH", "/usr/bin:/bin"}},
                        directory.path()});
  }

  std::map<std::string, json::object> its_traces() const {
    std::map<std::string, json::object> traces;
    const json::value read = json::parse(loader("traces").out);
    for (const json::value& trace : read.as_array())
      traces[text_at(trace, "/trace_id")] = trace.as_object();
    return traces;
  }

 private:
  static FakeBehaviour planning(json::array edits) {
    FakeBehaviour behaviour;
    behaviour.edits = std::move(edits);
    return behaviour;
  }

  std::string distillation(const std::string& dialect) const {
    const std::string url = "base_url = \"" + models.url() + "\"\n";
    return "\n[learning.distillation.teacher]\n" + url +
           "api_key_env = \"FERRENMARK_KEY\"\nmax_retries = 0\n"
           "\n[learning.distillation.student]\n" +
           url + (dialect.empty() ? "" : "dialect = \"" + dialect + "\"\n") +
           "\n[learning.distillation.judge]\nengine = \"openai\"\nmodel = \"judge-lines\"\n" + url +
           "max_retries = 0\n"
           // Every edit that can be measured is accepted: these tests are about what is written.
           "\n[learning.distillation.gate]\nmin_improvement = -1.0\nmax_regression = 1.0\n";
  }
};

void check_loads(const OpenJarvisWorld& world) {
  const auto checked = world.loader("check");
  CHECK_MESSAGE(checked.status == 0, checked.out, checked.err);
}

json::object exemplars_for(const std::string& agent) {
  return {{"agent", agent},
          {"exemplars", {{{"input", "Which bird \"sings\"?"}, {"output", "FINAL {the wren}"}}}}};
}

/** Edits that OpenJarvis honours, then those that it cannot. */
json::array its_edits() {
  return {
      edit("model", "set_model_for_query_class",
           {{"query_class", "general"}, {"model", "student-large"}}),
      edit("patch", "patch_system_prompt",
           {{"agent", "simple"},
            {"diff", "@@ -1,2 +1,3 @@\n You help.\n+Count every crate.\n Be brief.\n"}}),
      edit("shared prompt", "replace_system_prompt",
           {{"agent", "orchestrator"},
            {"new_content", "Work step by step.\nSay \"FINAL {}\" at the end."}}),
      edit("template", "replace_system_prompt",
           {{"agent", "native_react"},
            {"new_content", "Tools:\n{tool_descriptions}\nAnswer as {\"final\": 1}."}}),
      edit("examples", "edit_few_shot_exemplars", exemplars_for("native_react")),
      edit("heat", "set_agent_param",
           {{"agent", "simple"}, {"param", "temperature"}, {"value", 0.2}}),
      edit("turns", "set_agent_param",
           {{"agent", "orchestrator"}, {"param", "max_turns"}, {"value", 6}}),
      edit("tool", "add_tool_to_agent", {{"agent", "orchestrator"}, {"tool_name", "calculator"}}),
      edit("words", "edit_tool_description",
           {{"tool_name", "calculator"}, {"new_description", "Adds up crates; it's exact."}}),
      edit("no route", "set_model_for_query_class",
           {{"query_class", "math"}, {"model", "student-large"}}),
      edit("no class", "set_agent_class", {{"agent", "simple"}, {"new_class", "native_react"}}),
      edit("not its own", "set_agent_param",
           {{"agent", "native_react"}, {"param", "temperature"}, {"value", 0.1}}),
      edit("dead", "set_model_param",
           {{"model", "student-large"}, {"param", "top_p"}, {"value", 0.5}}),
      edit("unread prompt", "replace_system_prompt",
           {{"agent", "operative"}, {"new_content", "Be brief."}}),
      edit("unread examples", "edit_few_shot_exemplars", exemplars_for("simple")),
      edit("no tools", "replace_system_prompt",
           {{"agent", "native_react"}, {"new_content", "Do without tools."}}),
      edit("crash", "replace_system_prompt",
           {{"agent", "native_react"},
            {"new_content", "{tool_descriptions} as {{\"final\": 1}} or {final}."}})};
}

constexpr std::size_t kHonoured = 9;

}  // namespace

TEST_CASE("openjarvis home: every trace, step and message is read as OpenJarvis reads it") {
  const fs::path from = fixture();
  if (from.empty()) return;
  const OpenJarvisWorld world(from, "openjarvis", {});
  check_loads(world);
  const auto theirs = world.its_traces();
  REQUIRE(theirs.size() == kItsTraces);
  CHECK(world.run({"traces", "list", "--limit", "1000"}).json().at("traces").as_array().size() ==
        kItsTraces);
  for (const auto& [id, expected] : theirs) {
    CAPTURE(id);
    const auto document = world.run({"traces", "show", id}).json();
    const json::object& ours = document.at("trace").as_object();
    for (const char* field : {"query", "agent", "model", "engine", "result", "outcome", "feedback",
                              "total_tokens", "metadata", "messages"})
      CHECK_MESSAGE(ours.at(field) == expected.at(field), field);
    const json::array& steps = expected.at("steps").as_array();
    REQUIRE(ours.at("steps").as_array().size() == steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i)
      for (const char* field : {"step_index", "step_type", "input", "output", "metadata"})
        CHECK_MESSAGE(ours.at("steps").at(i).at(field) == steps[i].at(field), field);
  }
  const auto status = world.run({"learning", "status"});
  CHECK(status.status == 0);
  CHECK(status.json().at("traces").at("count") == kItsTraces);
  const auto history = world.run({"learning", "history"}).json();
  CHECK(text_at(history, "/sessions/0/id") == "session-20260601T030000_0a1b2c3d");
  CHECK(text_at(history, "/sessions/0/status") == "completed");
  check_loads(world);
}

TEST_CASE("openjarvis home: feedback is seen by a plain select, and no mode is loosened") {
  const fs::path from = fixture();
  if (from.empty()) return;
  const OpenJarvisWorld world(from, "openjarvis", {});
  const std::string id = world.its_traces().begin()->first;
  const auto rated = world.run({"feedback", "score", id, "-s", "0.25"});
  INFO(rated.out << rated.err);
  CHECK(rated.status == 0);
  CHECK(world.its_traces().at(id).at("feedback") == 0.25);
  CHECK(mode_of(world.home / "traces.db") == 0600);
  CHECK(mode_of(world.home / "learning") == 0700);
  CHECK(mode_of(world.home / "config.toml") == 0644);
  check_loads(world);
}

TEST_CASE("openjarvis home: a session writes what OpenJarvis reads, and refuses what it does not") {
  const fs::path from = fixture();
  if (from.empty()) return;
  const OpenJarvisWorld world(from, "openjarvis", its_edits());
  world.go_on();
  const std::string before = world.config();
  const auto finished = world.run({"learning", "run", "--autonomy", "auto"});
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  const auto document = finished.json();
  const json::array& edits = document.at("edits").as_array();
  REQUIRE(edits.size() == its_edits().size());
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const bool honoured = i < kHonoured;
    CHECK_MESSAGE(text_at(edits[i], "/status") == (honoured ? "applied" : "skipped"),
                  json::serialize(edits[i]));
    if (!honoured) CHECK_FALSE(text_at(edits[i], "/error").empty());
  }
  const auto config = jarvis::text::TomlDocument::parse(world.config(), "config.toml");
  CHECK(*config.find({"intelligence", "default_model"}) == "student-large");
  CHECK(*config.find({"intelligence", "temperature"}) == 0.2);
  CHECK(*config.find({"agent", "max_turns"}) == 6);
  CHECK(config.find({"tools", "enabled"})->as_array().back() == "calculator");
  CHECK(*config.find({"agent", "default_system_prompt"}) ==
        "Work step by step.\nSay \"FINAL {}\" at the end.");
  for (const char* dead : {"models", "policy_map", "agent.simple", "class"})
    CHECK(world.config().find(dead) == std::string::npos);
  CHECK(world.config().rfind("# OpenJarvis configuration\n", 0) == 0);
  CHECK_FALSE(fs::exists(world.home / "agents/simple"));
  check_loads(world);

  CHECK(world.run({"ask", question(7)}).status == 0);
  CHECK(world.its_traces().size() == kItsTraces + 61);
  const auto back = world.run({"learning", "rollback", "--last"});
  INFO(back.out << back.err);
  CHECK(back.status == 0);
  CHECK(world.config() == before);
  check_loads(world);
}

TEST_CASE("openjarvis home: this program's own dialect harms nothing that OpenJarvis reads") {
  const fs::path from = fixture();
  if (from.empty()) return;
  const OpenJarvisWorld world(
      from, "jarvis",
      {edit("route", "set_model_for_query_class",
            {{"query_class", "math"}, {"model", "student-large"}}),
       edit("prompt", "replace_system_prompt",
            {{"agent", "simple"}, {"new_content", "Work step by step.\n"}}),
       edit("class", "set_agent_class", {{"agent", "simple"}, {"new_class", "orchestrator"}}),
       edit("words", "edit_tool_description",
            {{"tool_name", "calculator"}, {"new_description", "Adds up crates."}}),
       edit("tool", "add_tool_to_agent", {{"agent", "simple"}, {"tool_name", "calculator"}})});
  world.go_on();
  const auto finished = world.run({"learning", "run", "--autonomy", "auto"});
  INFO(finished.out << finished.err);
  REQUIRE(finished.status == 0);
  CHECK(statuses(finished.json()) == std::vector<std::string>(5, "applied"));
  check_loads(world);
}

TEST_CASE("openjarvis home: doctor recognises it and gives the lines that are missing") {
  const fs::path from = fixture();
  if (from.empty()) return;
  const auto dialect = [](const World& world) {
    const auto document = world.run({"doctor"}).json();
    for (const json::value& check : document.at("checks").as_array())
      if (check.at("subject").as_string() == "dialect") return check.as_object();
    return json::object();
  };
  const OpenJarvisWorld without(from, "", {});
  const auto found = dialect(without);
  CHECK(found.at("state") == "warning");
  CHECK(text_at(found, "/message").find("OpenJarvis made this home") == 0);
  CHECK(text_at(found, "/hint")
            .find("add the line 'dialect = \"openjarvis\"' below "
                  "'[learning.distillation.student]' in config.toml, line ") == 0);
  CHECK(dialect(OpenJarvisWorld(from, "openjarvis", {})).at("state") == "ok");
  CHECK(dialect(OpenJarvisWorld(from, "jarvis", {})).empty());
}
