#include <doctest/doctest.h>

#include "plugins/students/chat/served_fixture.hpp"

namespace sdk = jarvis::sdk;
using namespace jarvis::chat::testing;

namespace {

const std::string kConfig = R"(
[intelligence]
default_model = "m"
[agent]
class = "orchestrator"
tools = ["calculator"]
)";

json::object completion(json::object message, const char* finish_reason = "stop") {
  message["role"] = "assistant";
  return {{"model", "served"},
          {"choices",
           json::array{json::object{
               {"index", 0}, {"message", std::move(message)}, {"finish_reason", finish_reason}}}},
          {"usage", json::object{{"prompt_tokens", 10}, {"completion_tokens", 5}}}};
}

ScriptedReply says(const char* text, const char* finish_reason = "stop") {
  return json_reply(completion({{"content", text}}, finish_reason));
}

json::object call_of(json::value id, json::value arguments) {
  json::object call{
      {"type", "function"},
      {"function", json::object{{"name", "calculator"}, {"arguments", std::move(arguments)}}}};
  if (!id.is_null()) call["id"] = std::move(id);
  return call;
}

ScriptedReply asks_for(json::array calls) {
  return json_reply(
      completion({{"content", nullptr}, {"tool_calls", std::move(calls)}}, "tool_calls"));
}

}  // namespace

TEST_CASE("completions student: a server that is not there is named, with what to do") {
  ServedStudent student(kConfig, {says("x")});
  student.url = jarvis::testing::unreachable_url();
  for (const Answer& answer : {student.ask(), student.probe(*student.url)}) {
    CHECK(answer.status == JARVIS_UNAVAILABLE);
    CHECK(answer.message.find("the student's server cannot be reached at " + *student.url +
                              "/v1: ") == 0);
    CHECK(answer.hint == "start it, or set learning.distillation.student.base_url");
  }
}

TEST_CASE("completions student: the server's refusals say what to mend") {
  const std::tuple<int, jarvis_status, const char*> rows[] = {
      {404, JARVIS_INVALID, "check the model's name"},
      {401, JARVIS_UNAVAILABLE, "api_key_env"},
      {500, JARVIS_RETRYABLE, ""}};
  for (const auto& [code, status, hint] : rows) {
    ServedStudent student(kConfig, {json_reply({{"error", {{"message", "why"}}}}, code)});
    const Answer answer = student.ask();
    CHECK(answer.status == status);
    CHECK(answer.message.find("why") != std::string::npos);
    CHECK((answer.hint + answer.message).find(hint) != std::string::npos);
  }
}

TEST_CASE("completions student: nonsense is no answer") {
  for (const char* body :
       {"<html>It works!</html>", "", "[]", "{}", R"({"choices":[]})", R"({"choices":[7]})",
        R"({"choices":[{"message":null}]})", R"({"choices":[{"finish_reason":"stop"}]})",
        R"({"error":{"message":"out of memory","code":500}})"}) {
    ServedStudent student(kConfig, {plain(200, body)});
    CAPTURE(body);
    CHECK(student.ask().status == JARVIS_RETRYABLE);
  }
}

TEST_CASE("completions student: arguments come as text or as objects and go back as text") {
  ServedStudent student(
      kConfig, {asks_for({call_of("a", R"({"expression": "6*7"})"),
                          call_of("b", json::object{{"expression", "1+1"}}), call_of("c", "x")}),
                says("done")});
  CHECK(student.result().output == "done");
  const json::array messages = student.body(1).at("messages").as_array();
  REQUIRE(messages.size() == 5);
  CHECK(messages[1].at("tool_calls").at(1).at("function").at("arguments") ==
        R"({"expression":"1+1"})");
  CHECK(messages[2].at("content") == "42");
  CHECK(messages[3].at("content") == "2");
  CHECK(messages[4].at("content").as_string().starts_with("error: "));
}

TEST_CASE("completions student: calls without an id get one, and their results bear it") {
  ServedStudent student(
      kConfig,
      {asks_for({call_of(nullptr, R"({"expression": "1"})"), call_of("", R"({"expression": "2"})"),
                 call_of("own", R"({"expression": "3"})")}),
       asks_for({call_of("own", R"({"expression": "4"})")}), says("done")});
  std::vector<std::string> ids;
  for (const auto& call : student.result().tool_calls) ids.push_back(call.id);
  CHECK(ids == std::vector<std::string>{"call_0", "call_1", "own", "call_3"});
  const json::array messages = student.body(1).at("messages").as_array();
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(messages[1].at("tool_calls").at(i).at("id") == ids[i].c_str());
    CHECK(messages[2 + i].at("tool_call_id") == ids[i].c_str());
  }
}

TEST_CASE("completions student: thoughts are no part of an answer") {
  const std::pair<const char*, const char*> rows[] = {{"<think>hm</think>\n\n42", "42"},
                                                      {"hm</think>42", "42"},
                                                      {"<think>hm", ""},
                                                      {"\n<think></think>\n42", "42"},
                                                      {"a <think> b", "a <think> b"}};
  for (const auto& [said, output] : rows) {
    ServedStudent student(kConfig, {says(said)});
    CHECK(student.result().output == output);
  }
}

TEST_CASE("completions student: an answer cut off for its length goes on, at most twice") {
  ServedStudent student(kConfig,
                        {says("<think>long, ", "length"), says("hm</think>one, ", "length"),
                         says("two", "length"), says("never asked")});
  const auto result = student.result();
  CHECK(result.output == "one, two");
  CHECK(result.turns == 3);
  CHECK(student.sent.size() == 3);
  const json::array messages = student.body(1).at("messages").as_array();
  CHECK(messages[1].at("content") == "<think>long, ");
  CHECK(messages[2].at("role") == "user");
}

TEST_CASE("completions student: an agent that takes one turn does not go on") {
  ServedStudent student(kConfig + "[agent.simple]\nclass = \"simple\"\n",
                        {says("half of", "length"), says("never asked")});
  CHECK(student.result().output == "half of");
  CHECK(student.sent.size() == 1);
}

TEST_CASE("completions student: a cut answer without a text is not asked to go on") {
  ServedStudent student(kConfig, {says("", "length"), says("never asked")});
  CHECK(student.result().output.empty());
  CHECK(student.sent.size() == 1);
}

TEST_CASE("completions student: a stream is asked for when somebody listens, and put together") {
  ServedStudent student(
      kConfig, {jarvis::testing::chat_stream(completion({{"content", "It is 42."}}), true)});
  const auto result = student.result(true);
  CHECK(result.output == "It is 42.");
  CHECK(result.usage.input_tokens == 10);
  CHECK(student.body().at("stream") == true);
  CHECK(student.sent[0].live_text == "/choices/0/delta/content");
  CHECK(student.sent[0].stream_end == "[DONE]");
}

TEST_CASE("completions student: calls in a stream are run") {
  ServedStudent student(
      kConfig,
      {jarvis::testing::chat_stream(
           completion({{"content", nullptr},
                       {"tool_calls", json::array{call_of("a", R"({"expression":"6*7"})"),
                                                  call_of("b", R"({"expression":"1+1"})")}}},
                      "tool_calls"),
           true),
       says("done")});
  CHECK(student.result(true).tool_calls.size() == 2);
  CHECK(last_message(student, 1) == "2");
}

TEST_CASE("completions student: a server that cannot stream answers in one piece, from then on") {
  ServedStudent student(
      kConfig,
      {json_reply({{"error", {{"message", "stream is not supported"}}}}, 400), says("42")});
  CHECK(student.result(true).output == "42");
  CHECK_FALSE(student.body(1).contains("stream"));
  CHECK(student.body(1).contains("tools"));
  CHECK(student.result(true).output == "42");
  CHECK(student.sent.size() == 3);
}

TEST_CASE("completions student: long answers come as a stream that nobody is shown") {
  ServedStudent student(kConfig + "max_tokens = 4096\n", {says("42")});
  CHECK(student.result().output == "42");
  CHECK(student.body().at("stream") == true);
  CHECK(student.sent[0].live_text.empty());
}

TEST_CASE("completions student: a server that answers anything is reached") {
  ServedStudent student(
      kConfig, {plain(404, "no such path"),
                json_reply({{"data", json::array{json::object{{"id", "a"}},
                                                 json::object{{"id", "b"}}, json::object(), 3}}})});
  CHECK(student.probe(student.base_url()).ok());
  const Answer answer = student.probe(student.base_url());
  CHECK(sdk::probe_result(answer.result).models == std::vector<std::string>{"a", "b"});
  CHECK(student.server.requests().at(1).target == "/v1/models");
}
