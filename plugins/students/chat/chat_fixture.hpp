#pragma once

#include <jarvis/sdk/plugin.hpp>
#include <jarvis/testing/loaded_plugin.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace jarvis::chat::testing {

namespace json = boost::json;
using jarvis::testing::Answer;
using jarvis::testing::FakeHost;
using jarvis::testing::LoadedPlugin;
using jarvis::testing::TemporaryDirectory;

inline sdk::HttpResult answer_with(json::object message, const char* model = "served") {
  const json::object body{{"model", model},
                          {"choices", json::array{json::object{{"message", std::move(message)},
                                                               {"finish_reason", "stop"}}}},
                          {"usage", json::object{{"prompt_tokens", 10}, {"completion_tokens", 5}}}};
  return {200, {}, json::serialize(body)};
}

inline sdk::HttpResult calls_for(const char* tool, json::object arguments) {
  return answer_with(
      {{"content", nullptr},
       {"tool_calls",
        json::array{json::object{
            {"id", "c1"},
            {"type", "function"},
            {"function",
             json::object{{"name", tool}, {"arguments", json::serialize(arguments)}}}}}}});
}

/** The runner on a home, behind a fake `http` service that gives the answers in order. */
struct Student {
  TemporaryDirectory home;
  LoadedPlugin plugin{PLUGIN_DIR "/chat.so"};
  FakeHost host;
  std::vector<sdk::HttpRequest> sent;
  std::vector<sdk::HttpResult> answers{answer_with({{"content", "42"}})};

  explicit Student(const std::string& config) {
    home.write("config.toml", config);
    host.services["http"] = [this](const json::object& request) {
      sent.push_back(sdk::http_request(request));
      return sdk::to_json(answers[std::min(sent.size(), answers.size()) - 1]);
    };
  }

  sdk::StudentRequest question(const std::string& base_url = "http://h:1/v1") const {
    return {home.path().string(), "How many?", "general", "", base_url};
  }
  Answer run(const sdk::StudentRequest& request) {
    return plugin.call(plugin.of<jarvis_student_runner_1>(JARVIS_STUDENT_RUNNER_1).run,
                       sdk::to_json(request), host);
  }
  Answer ask(const std::string& query_class = "general", const std::string& agent = "",
             const std::string& base_url = "http://h:1/v1") {
    sdk::StudentRequest request = question(base_url);
    request.query_class = query_class;
    request.agent = agent;
    return run(request);
  }
  Answer probe(const std::string& base_url = "http://h:1", const json::object& settings = {}) {
    return plugin.call(plugin.of<jarvis_student_runner_1>(JARVIS_STUDENT_RUNNER_1).probe,
                       sdk::to_json(sdk::ProbeRequest{home.path().string(), base_url, settings}),
                       host);
  }
  json::object body(std::size_t index = 0) const {
    return json::parse(sent.at(index).body).as_object();
  }
};

}  // namespace jarvis::chat::testing
