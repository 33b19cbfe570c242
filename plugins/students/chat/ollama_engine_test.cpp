#include <doctest/doctest.h>

#include "plugins/students/chat/served_fixture.hpp"

namespace sdk = jarvis::sdk;
using namespace jarvis::chat::testing;

namespace {

const std::string kConfig = R"(
[engine]
default = "ollama"
[intelligence]
default_model = "qwen3:8b"
[agent]
class = "orchestrator"
tools = ["calculator"]
)";

json::object reply(json::object message, const char* done_reason = "stop") {
  message["role"] = "assistant";
  return {{"model", "qwen3:8b"},        {"message", std::move(message)}, {"done", true},
          {"done_reason", done_reason}, {"prompt_eval_count", 20},       {"eval_count", 7}};
}

ScriptedReply says(const char* text, const char* done_reason = "stop") {
  return json_reply(reply({{"content", text}}, done_reason));
}

ScriptedReply asks_for(json::array calls) {
  return json_reply(reply({{"content", ""}, {"tool_calls", std::move(calls)}}));
}

json::object call_of(const char* name, json::value arguments) {
  return {{"function", json::object{{"name", name}, {"arguments", std::move(arguments)}}}};
}

ScriptedReply lines(std::initializer_list<json::object> objects) {
  ScriptedReply stream;
  stream.headers = {{"content-type", "application/x-ndjson"}};
  stream.chunked = true;
  for (const json::object& line : objects) stream.body += json::serialize(line) + "\n";
  return stream;
}

json::object piece(const char* text) {
  return {{"model", "qwen3:8b"},
          {"message", json::object{{"role", "assistant"}, {"content", text}}},
          {"done", false}};
}

}  // namespace

TEST_CASE("ollama student: a server that is not there is named, with what starts it") {
  ServedStudent student(kConfig, {says("x")});
  student.url = jarvis::testing::unreachable_url();
  for (const Answer& answer : {student.ask(), student.probe(*student.url)}) {
    CHECK(answer.status == JARVIS_UNAVAILABLE);
    CHECK(answer.message.find("the student's server cannot be reached at " + *student.url + ": ") ==
          0);
    CHECK(answer.hint ==
          "start it with 'ollama serve', or set learning.distillation.student.base_url");
  }
}

TEST_CASE("ollama student: a model that is not there says how to get it") {
  ServedStudent student(
      kConfig,
      {json_reply({{"error", "model \"qwen3:8b\" not found, try pulling it first"}}, 404)});
  const Answer answer = student.ask();
  CHECK(answer.status == JARVIS_INVALID);
  CHECK(answer.message.find("has no model 'qwen3:8b' (404)") != std::string::npos);
  CHECK(answer.hint.find("run 'ollama pull qwen3:8b'") == 0);
}

TEST_CASE("ollama student: a server that speaks another protocol is told apart") {
  ServedStudent student(kConfig, {plain(404, "404 page not found")});
  const Answer answer = student.ask();
  CHECK(answer.status == JARVIS_INVALID);
  CHECK(answer.message.find("does not speak Ollama's protocol") != std::string::npos);
  CHECK(answer.hint.find("/v1") != std::string::npos);
}

TEST_CASE("ollama student: nonsense is no answer") {
  for (const char* body : {"<html>It works!</html>", "", "[]", "{}", R"({"message":{}})",
                           R"({"message":"hello","done":true})", R"({"done":true})"}) {
    ServedStudent student(kConfig, {plain(200, body)});
    CAPTURE(body);
    const Answer answer = student.ask();
    CHECK(answer.status == JARVIS_RETRYABLE);
    CHECK(answer.message.find("cannot be read") != std::string::npos);
  }
  ServedStudent broken(kConfig, {lines({piece("a"), {{"error", "runner died"}, {"done", true}}})});
  CHECK(broken.ask().message.find("runner died") != std::string::npos);
}

TEST_CASE("ollama student: settings of the engine that make no sense are errors with their place") {
  const std::pair<const char*, const char*> rows[] = {
      {"num_ctx = \"big\"", "config.toml:11: 'engine.ollama.num_ctx' is no number of tokens"},
      {"num_ctx = 0", "config.toml:11: 'engine.ollama.num_ctx' is no number of tokens"},
      {"think = \"hard\"", "config.toml:11: 'engine.ollama.think' is not true, false"},
      {"think = 1", "config.toml:11: 'engine.ollama.think' is not true, false"}};
  for (const auto& [line, message] : rows) {
    ServedStudent student(kConfig + "\n[engine.ollama]\n" + line + "\n", {says("x")});
    const Answer answer = student.ask();
    CHECK(answer.status == JARVIS_INVALID);
    CHECK(answer.message.find(message) == 0);
    CHECK(student.sent.empty());
  }
  for (const char* variable : {"16k", "0", "-1", "99999999999999999999", " "}) {
    ServedStudent student(kConfig, {says("x")});
    sdk::StudentRequest request = student.question(student.base_url());
    request.settings = {{"environment", {{"JARVIS_NUM_CTX", variable}}}};
    const Answer answer = student.run(request);
    CHECK(answer.status == JARVIS_INVALID);
    CHECK(answer.message.find("JARVIS_NUM_CTX") != std::string::npos);
  }
}

TEST_CASE("ollama student: a question as the protocol has it") {
  ServedStudent student(kConfig + "[models.\"qwen3:8b\"]\ntemperature = 0.2\ntop_p = 0.5\n",
                        {says("42")});
  const auto result = student.result();
  CHECK(result.output == "42");
  CHECK(result.engine == "ollama");
  CHECK(result.model == "qwen3:8b");
  CHECK(result.usage.input_tokens == 20);
  CHECK(result.usage.output_tokens == 7);
  const auto request = student.server.requests().at(0);
  CHECK(request.method == "POST");
  CHECK(request.target == "/api/chat");
  const json::object body = request.json();
  CHECK(body.at("think") == false);
  CHECK(body.at("options") ==
        json::value(
            {{"temperature", 0.2}, {"top_p", 0.5}, {"num_predict", 1024}, {"num_ctx", 16384}}));
  CHECK(body.at("tools").at(0).at("function").at("name") == "calculator");
  CHECK_FALSE(body.contains("max_tokens"));
  CHECK(student.sent[0].live_text.empty());
}

TEST_CASE("ollama student: the home's context wins over the variable's, that over the usual one") {
  const auto context = [](const std::string& config, const json::object& environment) {
    ServedStudent student(config, {says("x")});
    sdk::StudentRequest request = student.question(student.base_url());
    request.settings = {{"environment", environment}};
    REQUIRE(student.run(request).ok());
    return student.body().at("options").at("num_ctx").to_number<int>();
  };
  const std::string own = kConfig + "[engine.ollama]\nnum_ctx = 4096\n";
  CHECK(context(kConfig, {}) == 16384);
  CHECK(context(kConfig, {{"JARVIS_NUM_CTX", "32768"}}) == 32768);
  CHECK(context(own, {{"JARVIS_NUM_CTX", "32768"}}) == 4096);
}

TEST_CASE("ollama student: thinks where the home says so, and not where the model cannot") {
  ServedStudent student(
      kConfig + "[engine.ollama]\nthink = \"high\"\n",
      {json_reply({{"error", "\"qwen3:8b\" does not support thinking"}}, 400), says("42")});
  CHECK(student.result().output == "42");
  CHECK(student.body(0).at("think") == "high");
  CHECK_FALSE(student.body(1).contains("think"));
  CHECK(student.body(1).contains("tools"));
}

TEST_CASE("ollama student: arguments come as objects or as text and go back as objects") {
  ServedStudent student(kConfig,
                        {asks_for({call_of("calculator", json::object{{"expression", "6*7"}}),
                                   call_of("calculator", R"({"expression": "1+1"})"),
                                   call_of("calculator", "nonsense")}),
                         says("done")});
  const auto result = student.result();
  CHECK(result.output == "done");
  REQUIRE(result.tool_calls.size() == 3);
  const json::array messages = student.body(1).at("messages").as_array();
  REQUIRE(messages.size() == 5);
  const json::array calls = messages[1].at("tool_calls").as_array();
  CHECK(calls[0].at("function").at("arguments").at("expression") == "6*7");
  CHECK(calls[1].at("function").at("arguments").at("expression") == "1+1");
  CHECK(messages[2].at("content") == "42");
  CHECK(messages[2].at("tool_name") == "calculator");
  CHECK(messages[3].at("content") == "2");
  CHECK(messages[4].at("content").as_string().starts_with("error: "));
}

TEST_CASE("ollama student: calls get ids that no other call has") {
  ServedStudent student(
      kConfig,
      {asks_for({call_of("calculator", json::object{{"expression", "1"}}),
                 call_of("calculator", json::object{{"expression", "2"}})}),
       asks_for({call_of("calculator", json::object{{"expression", "3"}})}), says("done")});
  std::vector<std::string> ids;
  for (const auto& call : student.result().tool_calls) ids.push_back(call.id);
  CHECK(ids == std::vector<std::string>{"call_0", "call_1", "call_2"});
}

TEST_CASE("ollama student: calls that only switch thinking are dropped") {
  ServedStudent student(kConfig, {asks_for({call_of("calculator", "/no_think"),
                                            call_of("x", json::object{{"input", "/think"}})}),
                                  says("never asked")});
  const auto result = student.result();
  CHECK(result.tool_calls.empty());
  CHECK(result.turns == 1);
}

TEST_CASE("ollama student: a model without tools is asked once more without them") {
  ServedStudent student(
      kConfig, {json_reply({{"error", "qwen3:8b does not support tools"}}, 400), says("42")});
  CHECK(student.result().output == "42");
  CHECK(student.sent.size() == 2);
  CHECK_FALSE(student.body(1).contains("tools"));
  REQUIRE(student.host.lines.size() == 1);
  CHECK(student.host.lines[0].find("does not support tools") != std::string::npos);
}

TEST_CASE("ollama student: a request that is refused with and without tools is an error") {
  ServedStudent student(kConfig, {json_reply({{"error", "bad options"}}, 400)});
  const Answer answer = student.ask();
  CHECK(answer.status == JARVIS_INVALID);
  CHECK(answer.message.find("bad options") != std::string::npos);
  CHECK(student.sent.size() == 2);
}

TEST_CASE("ollama student: the last turn shows no tools") {
  ServedStudent student(
      kConfig + "max_turns = 2\n",
      {asks_for({call_of("calculator", json::object{{"expression", "1"}})}), says("one")});
  CHECK(student.result().output == "one");
  CHECK(student.body(0).contains("tools"));
  CHECK_FALSE(student.body(1).contains("tools"));
}

TEST_CASE("ollama student: an answer cut off for its length goes on") {
  ServedStudent student(kConfig, {says("one, ", "length"), says("two, ", "length"), says("three")});
  const auto result = student.result();
  CHECK(result.output == "one, two, three");
  CHECK(result.turns == 3);
  CHECK(result.usage.output_tokens == 21);
  CHECK(student.body(2).at("messages").as_array().size() == 5);
}

TEST_CASE("ollama student: a stream is put together, and the host is told where its text stands") {
  ServedStudent student(kConfig, {lines({piece("<think>hm"), piece("</think>The answer"),
                                         piece(" is 42."), reply({{"content", ""}})})});
  const auto result = student.result(true);
  CHECK(result.output == "The answer is 42.");
  CHECK(result.usage.output_tokens == 7);
  CHECK(student.body().at("stream") == true);
  CHECK(student.sent[0].live_text == "/message/content");
  CHECK(student.sent[0].stream_end == "\"done\":true");
}

TEST_CASE("ollama student: a call in the middle of a stream is run") {
  ServedStudent student(
      kConfig,
      {lines({{{"message", json::object{{"content", ""},
                                        {"tool_calls",
                                         json::array{call_of(
                                             "calculator", json::object{{"expression", "6*7"}})}}}},
               {"done", false}},
              reply({{"content", ""}})}),
       lines({piece("42"), reply({{"content", ""}})})});
  CHECK(student.result(true).output == "42");
  CHECK(last_message(student, 1) == "42");
}

TEST_CASE("ollama student: the text protocol stops where the tool's words would begin") {
  ServedStudent student(kConfig + "[agent.simple]\nclass = \"react\"\n",
                        {says("Final Answer: 42")});
  CHECK(student.result(true).output == "42");
  CHECK(student.body().at("options").at("stop") == json::value(json::array{"\nObservation:"}));
  CHECK(student.sent[0].live_text.empty());
}

TEST_CASE("ollama student: a probe lists the models, the latest ones also without their tag") {
  ServedStudent student(
      kConfig, {json_reply({{"models", json::array{json::object{{"name", "llama3:latest"}},
                                                   json::object{{"name", "qwen3:8b"}}, 7}}})});
  const Answer answer = student.probe(student.base_url());
  REQUIRE(answer.ok());
  CHECK(sdk::probe_result(answer.result).models ==
        std::vector<std::string>{"llama3:latest", "qwen3:8b", "llama3"});
  CHECK(student.server.requests().at(0).target == "/api/tags");
}
