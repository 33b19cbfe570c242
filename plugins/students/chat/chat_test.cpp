#include <doctest/doctest.h>

#include <mutex>
#include <thread>

#include "plugins/students/chat/chat_fixture.hpp"

namespace sdk = jarvis::sdk;
using namespace jarvis::chat::testing;

namespace {

constexpr const char* kConfig = R"(
[engine]
default = "ollama"
[intelligence]
default_model = "everyday"
temperature = 0.5
[agent]
default_agent = "simple"
default_system_prompt = "You help."
[agent.simple]
class = "orchestrator"
tools = ["think", "shell_exec"]
[learning.routing.policy_map]
math = "org/strong:7b"
[models."org/strong:7b"]
temperature = 0.1
max_tokens = 99
)";

}  // namespace

TEST_CASE("chat: a home that cannot be understood is an error that names the place") {
  const std::pair<const char*, const char*> files[] = {
      {"config.toml", "[agent\n"},
      {"config.toml", "[intelligence]\ndefault_model = 3\n"},
      {"config.toml", "[intelligence]\ndefault_model = \"m\"\ntemperature = \"hot\"\n"},
      {"config.toml", "[intelligence]\ndefault_model = \"m\"\nmax_turns = 0\n"},
      {"config.toml", "[intelligence]\ndefault_model = \"m\"\nmax_tokens = 1.5\n"},
      {"config.toml", "\xff\xfe"},
      {"agents/simple/few_shot.json", "{}"},
      {"agents/simple/few_shot.json", "[{\"input\": \"x\"}]"},
      {"agents/simple/few_shot.json", "[7]"},
      {"agents/simple/few_shot.json", "[oops"},
      {"agents/simple/system_prompt.md", "\xc3"},
      {"agents/simple/system_prompt.md/x", ""},
      {"tools/descriptions.toml", "[think"},
  };
  for (const auto& [name, text] : files) {
    Student student(kConfig);
    student.home.write(name, text);
    const Answer answer = student.ask();
    CAPTURE(text);
    CHECK(answer.status == JARVIS_INVALID);
    CHECK_FALSE(answer.message.empty());
    CHECK(student.sent.empty());
  }
}

TEST_CASE("chat: a home without a model says which key to set") {
  Student student("[engine]\ndefault = \"ollama\"\n");
  const Answer answer = student.ask();
  CHECK(answer.status == JARVIS_INVALID);
  CHECK(answer.hint == "set intelligence.default_model");
}

TEST_CASE("chat: a directory without config.toml is not a home") {
  Student student(kConfig);
  std::filesystem::remove(student.home.path() / "config.toml");
  CHECK(student.ask().status == JARVIS_UNAVAILABLE);
}

TEST_CASE("chat: the server's faults are no answers") {
  const std::pair<int, jarvis_status> rows[] = {
      {500, JARVIS_RETRYABLE}, {404, JARVIS_INVALID}, {401, JARVIS_UNAVAILABLE}};
  for (const auto& [code, expected] : rows) {
    Student student(kConfig);
    student.answers = {{code, {}, R"({"error":{"message":"why"}})"}};
    const Answer answer = student.ask();
    CHECK(answer.status == expected);
    CHECK(answer.message.find("why") != std::string::npos);
  }
}

TEST_CASE("chat: stops between turns when nobody wants the answer") {
  Student student(kConfig);
  student.host.cancelled = true;
  CHECK(student.ask().status == JARVIS_CANCELLED);
}

TEST_CASE("chat: asks the model of the query's class, with that model's parameters") {
  Student student(kConfig);
  const auto result = sdk::student_result(student.ask("math").result);
  CHECK(result.output == "42");
  CHECK(result.model == "served");
  CHECK(result.turns == 1);
  CHECK(result.usage.input_tokens == 10);
  const json::object body = student.body();
  CHECK(body.at("model") == "org/strong:7b");
  CHECK(body.at("temperature") == 0.1);
  CHECK(body.at("max_tokens") == 99);
  CHECK_FALSE(body.contains("stream"));
  CHECK_FALSE(body.contains("top_p"));
  CHECK(student.sent[0].url == "http://h:1/v1/chat/completions");
}

TEST_CASE("chat: every other class is asked with the default model") {
  Student student(kConfig);
  REQUIRE(student.ask("code").ok());
  CHECK(student.body().at("model") == "everyday");
  CHECK(student.body().at("temperature") == 0.5);
}

TEST_CASE(
    "chat: the agent's own parameter wins over the model's, that over [agent], that over the "
    "rest") {
  std::string config = kConfig;
  const auto temperature = [&](const std::string& text) {
    Student student(text);
    REQUIRE(student.ask("math").ok());
    return student.body().at("temperature").to_number<double>();
  };
  CHECK(temperature(config) == 0.1);
  config.replace(config.find("[agent.simple]"), 14,
                 "temperature = 0.3\n[agent.simple]\ntemperature = 0.0");
  CHECK(temperature(config) == 0.0);
  CHECK(temperature("[intelligence]\ndefault_model = \"m\"\ntemperature = "
                    "0.5\n[agent]\ntemperature = 0.3\n") == 0.3);
  CHECK(temperature("[intelligence]\ndefault_model = \"m\"\ntemperature = 1\n") == 1.0);
  CHECK(temperature("[intelligence]\ndefault_model = \"m\"\n") == 0.7);
}

TEST_CASE("chat: the agent's prompt wins over the default one, and an empty file counts as none") {
  Student student(kConfig);
  REQUIRE(student.ask().ok());
  CHECK(student.body().at("messages").at(0).at("content") == "You help.");
  student.home.write("agents/simple/system_prompt.md", "Be careful {with} braces.\n");
  REQUIRE(student.ask().ok());
  CHECK(student.body(1).at("messages").at(0).at("content") == "Be careful {with} braces.\n");
  student.home.write("agents/simple/system_prompt.md", "");
  REQUIRE(student.ask().ok());
  CHECK(student.body(2).at("messages").at(0).at("content") == "You help.");
}

TEST_CASE("chat: exemplars stand before the query, in their order") {
  Student student(kConfig);
  student.home.write("agents/simple/few_shot.json",
                     R"([{"input": "1+1?", "output": "2"}, {"input": "2+2?", "output": "4"}])");
  REQUIRE(student.ask().ok());
  const json::array messages = student.body().at("messages").as_array();
  REQUIRE(messages.size() == 6);
  CHECK(messages[1].at("content") == "1+1?");
  CHECK(messages[2].at("role") == "assistant");
  CHECK(messages[4].at("content") == "4");
  CHECK(messages[5].at("content") == "How many?");
}

TEST_CASE("chat: an agent that is no valid name, or has no section, takes the defaults") {
  for (const char* agent : {"../../etc", "Upper", "nobody", "tools", "default_agent"}) {
    Student student(kConfig);
    CAPTURE(agent);
    REQUIRE(student.ask("general", agent).ok());
    CHECK(student.body().at("messages").at(0).at("content") == "You help.");
    CHECK_FALSE(student.body().contains("tools"));
  }
}

TEST_CASE("chat: offers the safe tools that the home lists, and no others") {
  const auto offered = [](const std::string& config) {
    Student student(config);
    REQUIRE(student.ask().ok());
    std::vector<std::string> names;
    const json::object body = student.body();
    for (const json::value& tool : sdk::optional_array(body, "tools"))
      names.emplace_back(tool.at("function").at("name").as_string());
    return names;
  };
  using Names = std::vector<std::string>;
  const std::string model =
      "[intelligence]\ndefault_model = \"m\"\n[agent]\nclass = \"orchestrator\"\n";
  CHECK(offered(kConfig) == Names{"think"});
  CHECK(offered(model).empty());
  CHECK(offered(model + "[tools]\nenabled = \"calculator, think,calculator\"\n") ==
        Names{"calculator", "think"});
  CHECK(offered(model + "tools = [\"think\"]\n[tools]\nenabled = [\"calculator\"]\n") ==
        Names{"calculator"});
  CHECK(offered(model + "tools = [\"think\"]\n[tools]\nenabled = []\n") == Names{"think"});
  CHECK(offered(model + "tools = \"\"\n[tools]\nenabled = [\"calculator\"]\n") ==
        Names{"calculator"});
  CHECK(offered(model + "tools = [\"think\"]\n[agent.simple]\ntools = []\n").empty());
}

TEST_CASE("chat: tools/descriptions.toml says what a tool is") {
  Student student(kConfig);
  student.home.write("tools/descriptions.toml", "[think]\ndescription = \"Reason here.\"\n");
  REQUIRE(student.ask().ok());
  const json::value function = student.body().at("tools").at(0).at("function");
  CHECK(function.at("description") == "Reason here.");
  CHECK(function.at("parameters").at("type") == "object");
}

TEST_CASE("chat: runs the tools that the model calls and gives their results back") {
  Student student(
      "[intelligence]\ndefault_model = \"m\"\n[agent]\nclass = \"orchestrator\"\n"
      "[tools]\nenabled = [\"calculator\"]\n");
  student.answers = {calls_for("calculator", {{"expression", "6*7"}}),
                     calls_for("calculator", {{"expression", "6,7"}}),
                     calls_for("shell_exec", {{"command", "id"}}),
                     answer_with({{"content", "it is 42"}})};
  const auto result = sdk::student_result(student.ask().result);
  CHECK(result.output == "it is 42");
  CHECK(result.turns == 4);
  CHECK(result.tool_calls.size() == 3);
  CHECK(result.usage.input_tokens == 40);
  const auto last_result = [&](std::size_t index) {
    return std::string(
        student.body(index).at("messages").as_array().back().at("content").as_string());
  };
  CHECK(last_result(1) == "42");
  CHECK(last_result(2).find("error: '6,7' is not an arithmetic expression") == 0);
  CHECK(last_result(3) == "error: there is no tool 'shell_exec'");
}

TEST_CASE("chat: the last turn may not call tools, so that it ends in an answer") {
  Student student(
      "[intelligence]\ndefault_model = \"m\"\n[agent]\nclass = \"orchestrator\"\n"
      "max_turns = 2\ntools = [\"think\"]\n");
  student.answers = {calls_for("think", {{"thought", "hm"}})};
  const auto result = sdk::student_result(student.ask().result);
  CHECK(result.turns == 2);
  CHECK(student.sent.size() == 2);
  CHECK_FALSE(student.body(0).contains("tool_choice"));
  CHECK(student.body(1).at("tool_choice") == "none");
}

TEST_CASE(
    "chat: a server that refuses tools is asked once more without them, and the log says so") {
  Student student(kConfig);
  student.answers = {{400, {}, R"({"error":{"message":"tools are not supported"}})"},
                     answer_with({{"content", "42"}})};
  CHECK(sdk::student_result(student.ask().result).output == "42");
  CHECK(student.sent.size() == 2);
  CHECK_FALSE(student.body(1).contains("tools"));
  REQUIRE(student.host.lines.size() == 1);
  CHECK(student.host.lines[0].find("tools are not supported") != std::string::npos);
}

TEST_CASE("chat: a changed home is read again, an unchanged one only once") {
  Student student(kConfig);
  REQUIRE(student.ask().ok());
  REQUIRE(student.ask().ok());
  student.home.write("config.toml", "[intelligence]\ndefault_model = \"another\"\n");
  REQUIRE(student.ask().ok());
  CHECK(student.body(1).at("model") == "everyday");
  CHECK(student.body(2).at("model") == "another");
}

TEST_CASE("chat: many threads ask at once") {
  Student student(kConfig);
  std::mutex mutex;
  student.host.services["http"] = [&](const json::object&) {
    return sdk::to_json(answer_with({{"content", "42"}}));
  };
  int good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 10; ++j) {
        const bool ok = student.ask().ok();
        const std::lock_guard<std::mutex> lock(mutex);
        good += ok;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 80);
}
