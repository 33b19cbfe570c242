#pragma once

#include <optional>
#include <vector>

#include "plugins/students/chat/chat_fixture.hpp"
#include "tests/support/event_stream.hpp"
#include "tests/support/host_http.hpp"
#include "tests/support/loopback_server.hpp"

namespace jarvis::chat::testing {

using jarvis::testing::json_reply;
using jarvis::testing::LoopbackServer;
using jarvis::testing::ScriptedReply;

/** An answer that need not be JSON. */
inline ScriptedReply plain(int status, const std::string& body) {
  ScriptedReply reply;
  reply.status = status;
  reply.body = body;
  return reply;
}

/** The runner before a real server on this machine, reached through the host's own client. */
struct ServedStudent : Student {
  ServedStudent(const std::string& config, std::vector<ScriptedReply> replies)
      : Student(config), server(std::move(replies)) {
    host.services["http"] = [this](const json::object& object) {
      sent.push_back(sdk::http_request(object));
      return http.serve(object, base_url());
    };
  }

  /** Where the runner is sent. */
  std::string base_url() const { return url.value_or(server.url()); }

  Answer ask(bool streams = false) {
    sdk::StudentRequest request = question(base_url());
    request.streams = streams;
    return run(request);
  }
  sdk::StudentResult result(bool streams = false) {
    const Answer answer = ask(streams);
    REQUIRE_MESSAGE(answer.ok(), answer.message);
    return sdk::student_result(answer.result);
  }

  jarvis::testing::HostHttp http;
  LoopbackServer server;
  std::optional<std::string> url;
};

/** The text of the last message of the request with this number. */
inline std::string last_message(const ServedStudent& student, std::size_t index) {
  return std::string(
      student.body(index).at("messages").as_array().back().at("content").as_string());
}

}  // namespace jarvis::chat::testing
