#include <doctest/doctest.h>

#include "plugins/students/chat/chat_fixture.hpp"

namespace sdk = jarvis::sdk;
using namespace jarvis::chat::testing;

namespace {

const std::string kConfig = R"(
[intelligence]
default_model = "everyday"
[agent]
class = "orchestrator"
tools = ["calculator", "think"]
[models.other]
temperature = 0.1
)";

sdk::HttpResult calculates(const char* expression) {
  return calls_for("calculator", {{"expression", expression}});
}

sdk::StudentResult result_of(Student& student) {
  const Answer answer = student.ask();
  REQUIRE_MESSAGE(answer.ok(), answer.message);
  return sdk::student_result(answer.result);
}

std::string last_text(const Student& student, std::size_t index) {
  return std::string(
      student.body(index).at("messages").as_array().back().at("content").as_string());
}

}  // namespace

TEST_CASE("conversation: the fourth call of a kind is not run, and the next turn is the last") {
  Student student(kConfig);
  student.answers = {calculates("6*7")};
  const auto result = result_of(student);
  CHECK(student.sent.size() == 5);
  CHECK(last_text(student, 3) == "42");
  CHECK(last_text(student, 4).starts_with("not run: the same call was made 3 times before"));
  CHECK_FALSE(student.body(3).contains("tool_choice"));
  CHECK(student.body(4).at("tool_choice") == "none");
  CHECK(result.tool_calls.size() == 4);
}

TEST_CASE("conversation: two calls that take turns are stopped at the sixth") {
  Student student(kConfig);
  student.answers = {calculates("1"),
                     calculates("2"),
                     calculates("1"),
                     calculates("2"),
                     calculates("1"),
                     calculates("2"),
                     answer_with({{"content", "enough"}})};
  CHECK(result_of(student).output == "enough");
  CHECK(last_text(student, 5) == "1");
  CHECK(last_text(student, 6).starts_with("not run: the same two calls take turns"));
  CHECK(student.body(6).at("tool_choice") == "none");
}

TEST_CASE("conversation: calls that differ are all run") {
  Student student(kConfig);
  student.answers.clear();
  for (const char* expression : {"1", "2", "3", "1", "2", "3", "4"})
    student.answers.push_back(calculates(expression));
  student.answers.push_back(answer_with({{"content", "done"}}));
  CHECK(result_of(student).output == "done");
  CHECK(last_text(student, 7) == "4");
}

TEST_CASE("conversation: a text protocol that goes in circles is asked for its answer") {
  Student student(kConfig + "[agent.simple]\nclass = \"react\"\n");
  student.answers = {
      answer_with({{"content", "Action: calculator\nAction Input: {\"expression\": \"6*7\"}"}})};
  CHECK(result_of(student).tool_calls.size() == 4);
  CHECK(student.sent.size() == 5);
  CHECK(last_text(student, 4).find("not run: ") != std::string::npos);
  CHECK(last_text(student, 4).find("Reply with a Final Answer.") != std::string::npos);
}

TEST_CASE("conversation: a simple agent makes one request, without tools") {
  Student student(kConfig + "[agent.simple]\nclass = \"simple\"\nmax_turns = 5\n");
  student.answers = {calculates("6*7"), answer_with({{"content", "never asked"}})};
  const auto result = result_of(student);
  CHECK(result.turns == 1);
  CHECK(result.tool_calls.empty());
  CHECK(student.sent.size() == 1);
  CHECK_FALSE(student.body().contains("tools"));
}

TEST_CASE("conversation: several calls of one reply are answered in their order") {
  Student student(kConfig);
  const auto call = [](const char* id, const char* expression) {
    return json::object{
        {"id", id},
        {"function", {{"name", "calculator"}, {"arguments", {{"expression", expression}}}}}};
  };
  student.answers = {
      answer_with({{"content", nullptr},
                   {"tool_calls", json::array{call("a", "1"), call("b", "2"), call("c", "3")}}}),
      answer_with({{"content", "done"}})};
  CHECK(result_of(student).turns == 2);
  const json::array messages = student.body(1).at("messages").as_array();
  REQUIRE(messages.size() == 5);
  CHECK(messages[2].at("tool_call_id") == "a");
  CHECK(messages[3].at("tool_call_id") == "b");
  CHECK(messages[4].at("content") == "3");
}

TEST_CASE("conversation: a model that is asked for by name wins, with its own parameters") {
  Student student(kConfig + "[learning.routing.policy_map]\nmath = \"routed\"\n");
  sdk::StudentRequest request = student.question();
  request.query_class = "math";
  request.model = "other";
  REQUIRE(student.run(request).ok());
  CHECK(student.body().at("model") == "other");
  CHECK(student.body().at("temperature") == 0.1);
  request.model = "";
  REQUIRE(student.run(request).ok());
  CHECK(student.body(1).at("model") == "routed");
  Student bare("[agent]\n");
  request.home = bare.home.path().string();
  request.model = "other";
  CHECK(bare.run(request).ok());
}

TEST_CASE("conversation: every request and every call is a step") {
  std::string config = kConfig;
  config.insert(config.find("class ="), "default_system_prompt = \"Help.\"\n");
  Student student(config);
  student.answers = {calculates("6*7"), calculates("6,7"), answer_with({{"content", "it is 42"}})};
  const auto result = result_of(student);
  REQUIRE(result.steps.size() == 5);
  double latest = 0;
  for (const sdk::StudentStep& step : result.steps) {
    CHECK(step.started_seconds >= latest);
    CHECK(step.duration_seconds >= 0);
    latest = step.started_seconds;
  }
  const sdk::StudentStep& first = result.steps[0];
  CHECK(first.type == "generate");
  CHECK(first.input.at("model") == "everyday");
  CHECK(first.input.at("messages").as_array().size() == 2);
  CHECK(first.input.at("messages").at(0).at("content") == "Help.");
  CHECK(first.output.at("tokens") == 15);
  CHECK(first.output.at("prompt_tokens") == 10);
  CHECK(first.output.at("tool_calls").at(0).at("arguments").at("expression") == "6*7");
  const sdk::StudentStep& call = result.steps[1];
  CHECK(call.type == "tool_call");
  CHECK(call.input == json::object{{"tool", "calculator"}, {"arguments", {{"expression", "6*7"}}}});
  CHECK(call.output == json::object{{"success", true}, {"result", "42"}});
  CHECK(result.steps[2].input.at("messages").as_array().size() == 2);
  CHECK(result.steps[3].output.at("success") == false);
  CHECK(result.steps[4].output.at("content") == "it is 42");
  CHECK(result.engine == "openai-compatible");
}
