#include "tests/support/fakes/privacy.hpp"

#include <doctest/doctest.h>

#include "tests/unit/diagnose/diagnose_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** A diagnosis whose one tool call asks for `arguments`. */
struct PrivateDiagnosis : DiagnoseFixture {
  FakePrivacy privacy;
  json::object seen;  ///< the arguments that the tool got

  explicit PrivateDiagnosis(const json::object& arguments) {
    turns = {says("Looking.", {tool("search_traces", arguments)}), says(clusters_text("[]"))};
    toolbox.answer = [this](const sdk::ToolCall& call) -> Result<json::object> {
      seen = call.arguments;
      return json::object{{"traces", json::array{"My password is Zwieback-7."}}};
    };
  }
  void talk() {
    const DiagnoseInputs plain = inputs();
    const DiagnoseInputs all{plain.home,
                             plain.traces,
                             plain.benchmark,
                             plain.teacher,
                             plain.calls,
                             plain.toolbox,
                             plain.purse,
                             plain.files,
                             plain.progress,
                             plain.clock,
                             plain.prompts,
                             plain.config,
                             plain.student_tools,
                             plain.trigger,
                             plain.max_tool_calls,
                             plain.concurrency,
                             plain.liked_from,
                             plain.cancelled,
                             privacy};
    (void)diagnose(all, dropped);
  }
  std::string all_that_was_written() const {
    std::string text;
    for (const auto& [name, content] : files.texts) text += content;
    for (const auto& [name, rows] : files.lines)
      for (const json::object& row : rows) text += json::serialize(row);
    return text;
  }
};

}  // namespace

TEST_CASE("diagnosis: what a tool brings is redacted before it is logged or sent") {
  PrivateDiagnosis diagnosis({{"query", "shop"}});
  diagnosis.talk();
  REQUIRE(diagnosis.requests.size() >= 2);
  const auto& results = diagnosis.requests[1].messages.back().tool_results;
  REQUIRE(results.size() == 1);
  CHECK(results[0].content == R"({"traces":["My password is [SECRET_1]."]})");
  CHECK(diagnosis.all_that_was_written().find("Zwieback") == std::string::npos);
  CHECK(diagnosis.all_that_was_written().find("[SECRET_1]") != std::string::npos);
}

TEST_CASE("diagnosis: a tool's error is redacted too") {
  PrivateDiagnosis diagnosis({{"query", "shop"}});
  diagnosis.toolbox.answer = [](const sdk::ToolCall&) -> Result<json::object> {
    return Error{ErrorKind::not_found, "there is no trace 'Zwieback-7'", "ask for Zwieback-7"};
  };
  diagnosis.talk();
  REQUIRE(diagnosis.requests.size() >= 2);
  CHECK(diagnosis.requests[1].messages.back().tool_results[0].content.find("Zwieback") ==
        std::string::npos);
  CHECK(diagnosis.all_that_was_written().find("Zwieback") == std::string::npos);
}

TEST_CASE(
    "diagnosis: a search for a placeholder finds what it stands for, and is logged as asked") {
  PrivateDiagnosis diagnosis({{"query", "with [SECRET_1]"}});
  diagnosis.talk();
  CHECK(diagnosis.seen == json::object{{"query", "with Zwieback-7"}});
  CHECK(diagnosis.all_that_was_written().find("Zwieback") == std::string::npos);
}
