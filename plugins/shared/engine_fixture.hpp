#pragma once

#include <algorithm>
#include <jarvis/sdk/plugin.hpp>
#include <jarvis/testing/loaded_plugin.hpp>
#include <string>
#include <vector>

namespace jarvis::shared {

namespace json = boost::json;

/** An engine's real shared object before a provider that gives the answers in order, and the last
 * one again and again, for tests. */
struct EngineFixture {
  explicit EngineFixture(const std::string& library) : plugin(library) {
    host.services["http"] = [this](const json::object& request) {
      sent.push_back(sdk::http_request(request));
      return sdk::to_json(answers[std::min(sent.size(), answers.size()) - 1]);
    };
  }

  testing::Answer ask(const sdk::GenerateRequest& request) {
    return plugin.call(plugin.of<jarvis_teacher_engine_1>(JARVIS_TEACHER_ENGINE_1).generate,
                       sdk::to_json(request), host);
  }

  /** The result of a question that is answered with this JSON. Throws when it fails. */
  sdk::GenerateResult result_of(const json::object& reply, const sdk::GenerateRequest& request) {
    answers = {{200, {}, json::serialize(reply)}};
    const testing::Answer answer = ask(request);
    if (!answer.ok()) throw std::runtime_error(answer.message);
    return sdk::generate_result(answer.result);
  }

  json::object body() const { return json::parse(sent.back().body).as_object(); }

  testing::LoadedPlugin plugin;
  testing::FakeHost host;
  std::vector<sdk::HttpRequest> sent;
  std::vector<sdk::HttpResult> answers;
};

inline sdk::GenerateRequest question_to(const std::string& model) {
  sdk::GenerateRequest request;
  request.model = model;
  request.messages.push_back({"user", "why?", {}, {}, {}});
  return request;
}

inline sdk::HttpResult event_stream(const std::string& body) {
  return {200, {{"Content-Type", "text/event-stream"}}, body};
}

}  // namespace jarvis::shared
