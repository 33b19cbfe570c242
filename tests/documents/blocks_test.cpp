#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>

#include "core/base/atomic_file.hpp"
#include "tests/documents/pages.hpp"
#include "tests/e2e/world.hpp"
#include "tests/examples/reader.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t kTraces = 60;
constexpr int kSkill = 45;
constexpr const char* kWalkthrough = "docs/plugin-author.md";  ///< has a test of its own

/** Commands that no test can run, and why: ```console blocks by page, in order. */
const std::map<std::string, std::vector<std::string>>& unrun() {
  static const std::map<std::string, std::vector<std::string>> reasons{
      {"README.md", {"builds this source with packages that root installs"}},
      {"docs/first-session.md", {"clones from the network; root installs packages"}},
      {"docs/install.md",
       {"root installs packages; tests/packages does", "needs a running systemd of the user",
        "needs a running systemd of the user; root removes packages",
        "builds this source; tests/packages installs it"}},
      {"docs/operations.md",
       {"needs a running systemd of the user", "needs a running systemd of the user",
        "needs Docker", "asks a daemon at a port of its own; tests of the metrics do"}},
      {"docs/reviewing.md", {"runs until Ctrl-C; tests/dashboard uses it"}}};
  return reasons;
}

/** Fences that hold no commands. */
const std::set<std::string>& other_languages() {
  static const std::set<std::string> names{"", "text", "toml", "cpp", "json", "dockerfile", "yaml"};
  return names;
}

/** One edit that is rejected, one that is accepted, one that is queued, one that is skipped. */
FakeBehaviour four_kinds_of_edits() {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  behaviour.students["qwen3:8b"] = behaviour.students.at("student-small");
  behaviour.students["qwen3:32b"] = behaviour.students.at("student-large");
  return behaviour;
}

std::vector<jarvis::Trace> made_up_traces() {
  std::vector<jarvis::Trace> traces;
  for (std::size_t i = 0; i < kTraces; ++i) traces.push_back(made_up_trace(i, kSkill));
  return traces;
}

/** A chat log of answered questions, one JSON line each, as a reader may have it. */
std::string chat_log() {
  std::string lines;
  for (const jarvis::Trace& trace : made_up_traces())
    lines += json::serialize(json::object{{"query", trace.query},
                                          {"result", trace.result},
                                          {"agent", trace.agent},
                                          {"feedback", *trace.feedback}}) +
             "\n";
  return lines;
}

/** Somebody with the program in their PATH, and servers that play teacher, student and judge. */
struct DocumentReader : Reader {
  FakeModels models{four_kinds_of_edits()};

  explicit DocumentReader(bool has_home) {
    const std::string programs = fs::path(JARVIS_PROGRAM).parent_path().string();
    launch.environment["PATH"] = programs + ":" + launch.environment["PATH"];
    launch.environment["ANTHROPIC_API_KEY"] = "heron";
    REQUIRE(jarvis::write_file_atomically(directory.path() / "chats.jsonl", chat_log()));
    if (!has_home) return;
    const fs::path home = directory.path() / ".openjarvis";
    make_home(home, config_for_models(models.url()), made_up_traces());
    set_config(home, {"learning", "distillation", "teacher", "api_key_env"},
               json::value("ANTHROPIC_API_KEY"));
  }

  ~DocumentReader() {
    launch.words = {JARVIS_PROGRAM, "learning", "daemon", "stop"};
    run_program(launch);
  }

  /** The commands with the addresses of these servers where a page has those of real ones. */
  std::vector<Step> at_home(std::vector<Step> steps) const {
    for (Step& step : steps) {
      replace(step.commands, "http://localhost:11434/v1", models.url() + "/v1");
      replace(step.commands, "teacher_model = \"claude-opus-4-6\"\n",
              "teacher_model = \"claude-opus-4-6\"\nteacher.base_url = \"" + models.url() + "\"\n");
    }
    return steps;
  }

 private:
  static void replace(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  }
};

/** Pages that begin with nothing but the program. */
const std::set<std::string>& pages_without_a_home() {
  static const std::set<std::string> names{"README.md", "docs/first-session.md"};
  return names;
}

void follow(const std::string& name) {
  const auto steps = steps_of(blocks_of(source_text(name)));
  DocumentReader reader(!pages_without_a_home().contains(name));
  reader.follow(name, reader.at_home(steps));
  CHECK(reader.models.count(FakeCall::Part::refused) == 0);
}

}  // namespace

TEST_CASE("documents: every command of a page does what the page says") {
  for (const Page& page : user_pages()) {
    if (page.name == kWalkthrough || steps_of(blocks_of(page.text)).empty()) continue;
    SUBCASE(page.name.c_str()) {
      follow(page.name);
    }
  }
}

TEST_CASE("documents: commands that no test runs are few, and each has its reason") {
  std::map<std::string, std::size_t> found;
  for (const Page& page : all_pages())
    for (const Block& block : blocks_of(page.text)) {
      if (block.language == "console") ++found[page.name];
      if (block.language == "console" || block.language == "sh") continue;
      INFO(page.name << ":" << block.line << " " << block.language);
      CHECK(other_languages().contains(block.language));
    }
  for (const auto& [page, reasons] : unrun()) {
    CHECK_MESSAGE(found[page] == reasons.size(), page);
    found.erase(page);
  }
  for (const auto& [page, count] : found) FAIL_CHECK(page << " has commands that no test runs");
}
