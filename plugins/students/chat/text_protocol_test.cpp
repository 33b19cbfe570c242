#include <doctest/doctest.h>

#include "plugins/students/chat/chat_fixture.hpp"

namespace sdk = jarvis::sdk;
using namespace jarvis::chat::testing;

namespace {

constexpr const char* kModel = "[intelligence]\ndefault_model = \"m\"\n";
const std::string kReact =
    std::string(kModel) + "[agent.simple]\nclass = \"native_react\"\ntools = [\"calculator\"]\n";

/** A student whose model says the texts in their order, the last one again and again. */
struct Reasoner : Student {
  explicit Reasoner(const std::vector<std::string>& texts, const std::string& config = kReact)
      : Student(config) {
    answers.clear();
    for (const std::string& text : texts) answers.push_back(answer_with({{"content", text}}));
  }
  sdk::StudentResult result() {
    const Answer answer = ask();
    REQUIRE_MESSAGE(answer.ok(), answer.message);
    return sdk::student_result(answer.result);
  }
  std::string system(std::size_t index = 0) const {
    return std::string(body(index).at("messages").at(0).at("content").as_string());
  }
  std::string last_message(std::size_t index) const {
    return std::string(body(index).at("messages").as_array().back().at("content").as_string());
  }
};

std::string after_action(const std::string& reply) {
  Reasoner student({reply, "Final Answer: done"});
  CHECK(student.result().output == "done");
  REQUIRE(student.sent.size() == 2);
  return student.last_message(1);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("chat: a class that no runner knows is an error that names its key and line") {
  for (const auto& [config, place] :
       {std::pair{"[agent.simple]\nclass = \"rlm\"\n", "config.toml:4: 'agent.simple.class'"},
        std::pair{"[agent]\nclass = \"Simple\"\n", "config.toml:4: 'agent.class'"}}) {
    Student student(std::string(kModel) + config);
    const Answer answer = student.ask();
    CHECK(answer.status == JARVIS_INVALID);
    CHECK(contains(answer.message, place));
    CHECK(answer.hint == "use one of simple, orchestrator, native_react");
    CHECK(student.sent.empty());
  }
  Student student(std::string(kModel) + "[agent.simple]\nclass = 7\n");
  CHECK(student.ask().message == "config.toml:4: 'agent.simple.class' is not a string");
}

TEST_CASE("chat: only orchestrator calls tools natively; without a class an agent is simple") {
  for (const auto& [name, tools] :
       {std::pair{"simple", 0u}, std::pair{"orchestrator", 1u}, std::pair{"", 0u}}) {
    Student student(std::string(kModel) + "[agent.simple]\ntools = [\"think\"]\nclass = \"" + name +
                    "\"\n");
    REQUIRE(student.ask().ok());
    CHECK(sdk::optional_array(student.body(), "tools").size() == tools);
    CHECK_FALSE(student.body().contains("stop"));
  }
}

TEST_CASE("chat: native_react sends no tools but describes them, with the home's descriptions") {
  Reasoner student({"Final Answer: 42"});
  student.home.write("tools/descriptions.toml", "[calculator]\ndescription = \"Reckons.\"\n");
  CHECK(student.result().output == "42");
  CHECK_FALSE(student.body().contains("tools"));
  CHECK(student.body().at("stop") == json::value(json::array{"\nObservation:"}));
  CHECK(contains(student.system(), "Final Answer: the answer"));
  CHECK(contains(student.system(),
                 "### calculator\nReckons.\nParameters:\n- expression (string, "
                 "required): The expression"));
}

TEST_CASE("chat: the class comes from [agent] too, and from the agent's name") {
  for (const char* config :
       {"[agent]\nclass = \"native_react\"\n", "[agent]\ndefault_agent = \"native_react\"\n",
        "[agent.simple]\nclass = \"react\"\n"}) {
    Reasoner student({"Final Answer: 1"}, std::string(kModel) + config);
    CHECK(student.result().output == "1");
    CHECK(contains(student.system(), "You have no tools."));
  }
  Reasoner student({"x"}, std::string(kModel) +
                              "[agent]\nclass = \"native_react\"\n[agent.simple]\nclass = "
                              "\"simple\"\n");
  CHECK(student.result().output == "x");
  CHECK(student.body().at("messages").as_array().size() == 1);
}

TEST_CASE("chat: native_react fills the prompt's placeholders and halves its doubled braces") {
  Reasoner student({"Final Answer: 1"});
  student.home.write("agents/simple/system_prompt.md",
                     "Use {{\"a\": 1}}.{skill_examples}\n{tool_descriptions}\n{other} }\n");
  student.result();
  CHECK(student.system().rfind("Use {\"a\": 1}.\n### calculator\n", 0) == 0);
  CHECK(contains(student.system(), "\n{other} }\n"));
  CHECK_FALSE(contains(student.system(), "Work in steps."));
}

TEST_CASE("chat: native_react explains itself below a prompt without a place for the tools") {
  Reasoner student({"Final Answer: 1"});
  student.home.write("agents/simple/system_prompt.md", "Be kind.");
  student.result();
  CHECK(student.system().rfind("Be kind.\n\nWork in steps.", 0) == 0);
  CHECK(contains(student.system(), "### calculator"));
}

TEST_CASE("chat: the default prompt is no template, whatever the class") {
  Reasoner student({"Final Answer: 1"},
                   kReact + "[agent]\ndefault_system_prompt = \"{{x}} {tool_descriptions}\"\n");
  student.result();
  CHECK(student.system().rfind("{{x}} {tool_descriptions}\n\nWork in steps.", 0) == 0);
}

TEST_CASE("chat: a prompt file's place for tools is filled for other classes, braces stay") {
  Student student(std::string(kModel) +
                  "[agent.simple]\nclass = \"orchestrator\"\ntools = [\"think\"]\n");
  student.home.write("agents/simple/system_prompt.md", "{{x}} {tool_descriptions}");
  REQUIRE(student.ask().ok());
  const json::object body = student.body();
  CHECK(contains(std::string(body.at("messages").at(0).at("content").as_string()),
                 "{{x}} ### think"));
}

TEST_CASE("chat: native_react runs an action and tells the observation") {
  Reasoner student({"Thought: reckon\nAction: calculator\nAction Input: {\"expression\": \"6*7\"}",
                    "Thought: I know.\nFinal Answer: it is 42"});
  const sdk::StudentResult result = student.result();
  CHECK(result.output == "it is 42");
  CHECK(result.turns == 2);
  REQUIRE(result.tool_calls.size() == 1);
  CHECK(result.tool_calls[0].id == "react_1");
  CHECK(result.tool_calls[0].name == "calculator");
  CHECK(result.usage.output_tokens == 10);
  const json::object body = student.body(1);
  const json::array& messages = body.at("messages").as_array();
  CHECK(messages[messages.size() - 2].at("role") == "assistant");
  CHECK(messages.back().at("role") == "user");
  CHECK(student.last_message(1) == "Observation: 42");
}

TEST_CASE("chat: native_react reads actions as models write them") {
  for (const char* reply :
       {"Action: calculator\nAction Input: {\"expression\": \"6*7\"}",
        "thought: x\naction: Calculator\n", "**Action:** calculator\n**Action Input:** {}",
        "ACTION: `calculator`\nACTION INPUT:\n```json\n{\"expression\": \"6*7\"}\n```\nand so on",
        "Action: calculator\nAction Input: {\"expression\": \"6*7\"}\nObservation: 9\nFinal "
        "Answer: 9",
        "Action: calculator\r\nAction Input: {\"expression\":\r\n \"6*7\"}\r\n",
        "Action: calculator\nAction Input: {\"expression\": \"6*7\"}\nFinal Answer: 9"}) {
    CAPTURE(reply);
    CHECK(after_action(reply).rfind("Observation: ", 0) == 0);
  }
  CHECK(after_action("ACTION: `calculator`\nACTION INPUT:\n```json\n{\"expression\": "
                     "\"6*7\"}\n```") == "Observation: 42");
}

TEST_CASE("chat: native_react answers wrong actions, so that the model can mend them") {
  CHECK(after_action("Action: shell_exec\nAction Input: {\"command\": \"id\"}") ==
        "Observation: error: there is no tool 'shell_exec'");
  for (const char* input : {"6*7", "{\"expression\": 6", "[1]", "", "{\"expression\": 42}"})
    CHECK(contains(after_action(std::string("Action: calculator\nAction Input: ") + input),
                   "Observation: error: '' is not an arithmetic expression"));
}

TEST_CASE("chat: native_react ends on a final answer, and where there is no action") {
  const std::pair<const char*, const char*> rows[] = {
      {"Thought: x\nFinal Answer: 42", "42"},
      {"I know. final answer: **42**", "42"},
      {"Final Answer:\n\n1\n2\n", "1\n2"},
      {"Just text.", "Just text."},
      {"Thought: done\nAction:\n", "Thought: done\nAction:"},
      {"", ""}};
  for (const auto& [reply, output] : rows) {
    Reasoner student({reply});
    CHECK(student.result().output == output);
    CHECK(student.sent.size() == 1);
  }
}

TEST_CASE("chat: native_react stops at its last turn, of which the model is told") {
  Reasoner student({"Action: calculator\nAction Input: {\"expression\": \"1\"}"},
                   kReact + "max_turns = 2\n");
  const sdk::StudentResult result = student.result();
  CHECK(result.turns == 2);
  CHECK(result.tool_calls.size() == 1);
  CHECK(contains(student.last_message(1), "Observation: 1\n\nThis was the last action."));
  CHECK(contains(result.output, "Action: calculator"));
}
