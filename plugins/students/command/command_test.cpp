#include <doctest/doctest.h>

#include <jarvis/sdk/payload/student_services.hpp>
#include <jarvis/sdk/plugin.hpp>
#include <jarvis/testing/loaded_plugin.hpp>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using jarvis::testing::Answer;
using jarvis::testing::FakeHost;
using jarvis::testing::LoadedPlugin;
using jarvis::testing::TemporaryDirectory;

namespace {

/** The runner behind a fake `process` service, whose program ends as `ended` says. */
struct Student {
  TemporaryDirectory home;
  LoadedPlugin plugin{PLUGIN_DIR "/command.so"};
  FakeHost host;
  std::vector<sdk::ProcessRequest> started;
  sdk::ProcessResult ended;
  json::object settings{{"command", json::array{"agent", "-a", "{agent}", "{query}"}},
                        {"timeout_seconds", 7}};

  Student() {
    host.services["process"] = [this](const json::object& request) {
      started.push_back(sdk::process_request(request));
      return sdk::to_json(ended);
    };
  }
  Answer ask(const std::string& query = "How many?", const std::string& agent = "clerk") {
    sdk::StudentRequest request{home.path().string(), query, "math", agent, ""};
    request.settings = settings;
    return plugin.call(plugin.of<jarvis_student_runner_1>(JARVIS_STUDENT_RUNNER_1).run,
                       sdk::to_json(request), host);
  }
  Answer probe() {
    return plugin.call(plugin.of<jarvis_student_runner_1>(JARVIS_STUDENT_RUNNER_1).probe,
                       sdk::to_json(sdk::ProbeRequest{home.path().string(), "", settings}), host);
  }
  std::string printed(const std::string& output) {
    ended = {};
    ended.output = output;
    const Answer answer = ask();
    return answer.ok() ? std::string(answer.result.at("output").as_string()) : answer.message;
  }
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("command: without a command nothing is started") {
  for (const json::value& command :
       {json::value(nullptr), json::value(json::array{}), json::value("agent {query}")}) {
    Student student;
    student.settings["command"] = command;
    CHECK(student.ask().message == "no command for the student");
    CHECK(student.probe().message == "no command for the student");
    CHECK(student.started.empty());
  }
}

TEST_CASE("command: a failing service is passed on as it is") {
  Student student;
  student.host.services["process"] = [](const json::object&) -> json::object {
    throw sdk::refused("no such program", "install it");
  };
  for (const Answer& answer : {student.ask(), student.probe()}) {
    CHECK(answer.status == JARVIS_REFUSED);
    CHECK(answer.message == "no such program");
    CHECK(answer.hint == "install it");
  }
  student.host.services.clear();
  CHECK(student.ask().status == JARVIS_REFUSED);
}

TEST_CASE("command: no run that failed is taken for an answer") {
  Student student;
  const auto failure = [&](const sdk::ProcessResult& ended) {
    student.ended = ended;
    const Answer answer = student.ask();
    CHECK(answer.status == JARVIS_UNAVAILABLE);
    return answer.message;
  };
  CHECK(failure({0, "half an", "", true, false}) == "the student's command did not end within 7 s");
  CHECK(failure({0, "much", "", false, true}) ==
        "the student's command printed more than an answer may have");
  CHECK(failure({1, "an answer?", "a\nno model\n\n", false, false}) ==
        "the student's command ended with status 1; its last words: no model");
  CHECK(failure({139, "x", "", false, false}) == "the student's command was ended by signal 11");
  CHECK(failure({255, "x", "", false, false}) == "the student's command ended with status 255");
  CHECK(failure({0, " \n\t", "warming up", false, false}) ==
        "the student's command printed no answer; its last words: warming up");
  CHECK(failure({0, R"({"content": " "})", "", false, false}) ==
        "the student's command printed no answer");
}

TEST_CASE("command: last words are cut to a line that fits, between characters") {
  Student student;
  std::string words;
  for (int i = 0; i < 400; ++i) words += "\xC3\xA9";
  student.ended = {2, "", words, false, false};
  const std::string message = student.ask().message;
  CHECK(message.size() < 400);
  CHECK(message.find("words: \xC3\xA9") != std::string::npos);
}

TEST_CASE("command: what is printed is the answer, without its blank end") {
  Student student;
  CHECK(student.printed("  42 apples\n\n") == "  42 apples");
  CHECK(student.printed("{\"total\": 42}\n") == "{\"total\": 42}");
  CHECK(student.printed("{\"content\": 42}") == "{\"content\": 42}");
  CHECK(student.printed("{\"content\": \"42\"} and more") == "{\"content\": \"42\"} and more");
  CHECK(student.printed("[{\"content\": \"42\"}]") == "[{\"content\": \"42\"}]");
}

TEST_CASE("command: of one JSON object with a text `content` that is the answer") {
  Student student;
  student.ended.output = R"({"content": "42\n", "turns": 3, "model": "qwen3:8b",
                             "usage": {"prompt_tokens": 10, "completion_tokens": 5}})"
                         "\n";
  const Answer answer = student.ask();
  REQUIRE(answer.ok());
  const auto result = sdk::student_result(answer.result);
  CHECK(result.output == "42");
  CHECK(result.turns == 3);
  CHECK(result.model == "qwen3:8b");
  CHECK(result.usage.input_tokens == 10);
  CHECK(result.usage.output_tokens == 5);
}

TEST_CASE("command: of a JSON object that is oddly filled the content still counts") {
  Student student;
  CHECK(student.printed(R"({"content": "42", "turns": "3", "model": 7, "usage": []})") == "42");
}

TEST_CASE("command: the program is told its home, its time and its network") {
  Student student;
  student.ended.output = "42";
  student.settings["network"] = true;
  student.settings["environment"] = json::object{{"OLLAMA_HOST", "box"}};
  REQUIRE(student.ask().ok());
  const sdk::ProcessRequest& started = student.started.at(0);
  const std::string home = student.home.path().string();
  CHECK(started.command == Words{"agent", "-a", "clerk", "How many?"});
  CHECK(started.home == home);
  CHECK(started.input.empty());
  CHECK(started.timeout_seconds == 7);
  CHECK(started.network);
  CHECK(started.environment ==
        std::map<std::string, std::string>{{"OLLAMA_HOST", "box"},
                                           {"OPENJARVIS_HOME", home},
                                           {"OPENJARVIS_NO_UPDATE_CHECK", "1"}});
}

TEST_CASE("command: a value that looks like a placeholder stays as it is") {
  Student student;
  student.ended.output = "42";
  student.settings["command"] = json::array{"{query}", "{query}{agent}", "{{home}}", "{Query}"};
  REQUIRE(student.ask("{agent}").ok());
  CHECK(student.started.at(0).command ==
        Words{"{query}", "{agent}clerk", "{" + student.home.path().string() + "}", "{Query}"});
}

TEST_CASE("command: agent and model are what the home's files choose") {
  Student student;
  student.ended.output = "42";
  student.settings["command"] = json::array{"agent", "{agent}", "{model}", "{query}"};
  student.home.write(
      "config.toml",
      "[agent]\ndefault_agent = \"waiter\"\n[intelligence]\ndefault_model = \"small\"\n"
      "[learning.routing.policy_map]\nmath = \"large\"\n");
  REQUIRE(student.ask("q", "").ok());
  CHECK(student.started.at(0).command == Words{"agent", "waiter", "large", "q"});
  REQUIRE(student.ask("q", "clerk").ok());
  CHECK(student.started.at(1).command == Words{"agent", "clerk", "large", "q"});
}

TEST_CASE("command: a home that says nothing of a model gives an empty word") {
  Student student;
  student.ended.output = "42";
  student.settings["command"] = json::array{"agent", "-m", "{model}"};
  REQUIRE(student.ask().ok());
  CHECK(student.started.at(0).command == Words{"agent", "-m", ""});
  CHECK(student.started.at(0).input == "How many?");
}

TEST_CASE("command: a home is read only when the command asks for what it says") {
  Student student;
  student.ended.output = "42";
  student.home.write("config.toml", "no [ toml");
  CHECK(student.ask("q", "clerk").ok());
  CHECK(student.ask("q", "").status == JARVIS_INVALID);
}

TEST_CASE("command: a name of an agent that could be a path starts nothing") {
  Student student;
  for (const char* agent : {"../other", "/etc", "-x", "a b", "."})
    CHECK(student.ask("q", agent).message == "'" + std::string(agent) + "' is no name of an agent");
  CHECK(student.started.empty());
}

TEST_CASE("command: the probe only asks whether the program could run") {
  Student student;
  REQUIRE(student.probe().ok());
  REQUIRE(student.started.size() == 1);
  CHECK(student.started[0].only_check);
}
