#include <doctest/doctest.h>

#include <algorithm>

#include "core/base/atomic_file.hpp"
#include "tests/e2e/world.hpp"
#include "tests/examples/reader.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t kTraces = 60;
constexpr int kSkill = 45;

std::string text_of(const fs::path& file) {
  const auto text = jarvis::read_file(file);
  return text ? *text : std::string();
}

std::vector<Block> page() {
  return blocks_of(text_of(fs::path(SOURCE_TREE) / "docs" / "plugin-author.md"));
}

/** The teacher proposes the page's op; the student is better where its prompt has that style. */
FakeBehaviour proposing_a_style() {
  json::object proposal =
      edit("style", "set_response_style",
           {{"agent", "simple"},
            {"style", "Work step by step, and end with a line that holds the result alone."}});
  proposal["rationale"] = "It answers at once and loses count.";
  FakeBehaviour behaviour;
  behaviour.edits = {std::move(proposal)};
  return behaviour;
}

/** Whether the teacher read this before it planned. */
bool was_told_of(const FakeModels& models, const std::string& words) {
  const auto calls = models.calls();
  return std::any_of(calls.begin(), calls.end(), [&](const FakeCall& call) {
    return call.part == FakeCall::Part::plan && call.request.find(words) != std::string::npos;
  });
}

/** The reader's machine: a home with rated traces and a model server. */
struct Author : Reader {
  FakeModels models{proposing_a_style()};

  Author() {
    std::vector<jarvis::Trace> traces;
    for (std::size_t i = 0; i < kTraces; ++i) traces.push_back(made_up_trace(i, kSkill));
    const fs::path home = directory.path() / ".openjarvis";
    make_home(home, config_for_models(models.url()), traces);
    set_config(home, {"learning", "distillation", "teacher", "api_key_env"},
               json::value("ANTHROPIC_API_KEY"));
    launch.environment.insert({{"CC", C_COMPILER},
                               {"CXX", CXX_COMPILER},
                               {"CFLAGS", C_FLAGS},
                               {"CXXFLAGS", CXX_FLAGS},
                               {"JARVIS_BUILD", BUILD_TREE},
                               {"ANTHROPIC_API_KEY", "heron"}});
  }
};

}  // namespace

TEST_CASE("page: refuses output without commands, and a block without an end") {
  CHECK_THROWS_WITH(steps_of(blocks_of("```text\nx\n```\n")), "line 1: output of no commands");
  CHECK_THROWS_WITH(steps_of(blocks_of("```sh\n```\n```text\n```\n```text\n```\n")),
                    "line 5: output of no commands");
  CHECK_THROWS_WITH(blocks_of("a\n```sh\nx\n"), "line 2: the block has no end");
  CHECK(steps_of(blocks_of("```cpp\nint a;\n```\n")).empty());
}

TEST_CASE("page: a command that fails ends the walk-through and leaves what it printed") {
  const TemporaryDirectory directory;
  const auto steps = steps_of(blocks_of("```sh\necho one; false\n```\n```sh\necho two\n```\n"));
  const Launch launch{{"/bin/bash", "-c", script_of(steps, directory.path())},
                      {{"PATH", "/usr/bin:/bin"}},
                      directory.path()};
  CHECK(run_program(launch).status == 1);
  CHECK(text_of(output_of(directory.path(), 0)) == "one\n");
  CHECK_FALSE(fs::exists(output_of(directory.path(), 1)));
}

TEST_CASE("walk-through: the code in docs/plugin-author.md is the example's own") {
  std::string example;
  for (const char* file : {"plugin.toml", "set_response_style.cpp"})
    example += text_of(fs::path(SOURCE_TREE) / "docs/examples/set_response_style" / file);
  std::size_t count = 0;
  for (const Block& block : page()) {
    if (block.language != "cpp" && block.language != "toml") continue;
    ++count;
    INFO("docs/plugin-author.md:" << block.line);
    CHECK_MESSAGE(example.find(block.text) != std::string::npos, block.text);
  }
  CHECK(count > 0);
}

TEST_CASE("walk-through: every command of docs/plugin-author.md does what the page says") {
  const auto steps = steps_of(page());
  REQUIRE(steps.size() > 5);
  Author author;
  author.follow("docs/plugin-author.md", steps);
  CHECK(author.models.count(FakeCall::Part::refused) == 0);
  CHECK(was_told_of(author.models, "set_response_style"));
  CHECK(was_told_of(author.models, "Answer in plain words"));
}
