#pragma once

#include <optional>
#include <vector>

#include "core/budget/http_client.hpp"
#include "plugins/students/chat/chat_fixture.hpp"
#include "tests/support/event_stream.hpp"
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

inline jarvis_status status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::unavailable:
      return JARVIS_UNAVAILABLE;
    case ErrorKind::refused:
      return JARVIS_REFUSED;
    case ErrorKind::invalid:
      return JARVIS_INVALID;
    default:
      return JARVIS_RETRYABLE;
  }
}

/** The runner before a real server on this machine, reached through the host's own client. */
struct ServedStudent : Student {
  ServedStudent(const std::string& config, std::vector<ScriptedReply> replies)
      : Student(config), server(std::move(replies)) {
    host.services["http"] = [this](const json::object& object) {
      sent.push_back(sdk::http_request(object));
      const auto answer = http.send(sent.back(), {base_url(), {}, 5, 20, 0}, nullptr);
      if (!answer)
        throw sdk::Failure(status_of(answer.error().kind), answer.error().message,
                           answer.error().hint);
      return sdk::to_json(*answer);
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

  HttpService http{[](auto) {}};
  LoopbackServer server;
  std::optional<std::string> url;
};

/** The text of the last message of the request with this number. */
inline std::string last_message(const ServedStudent& student, std::size_t index) {
  return std::string(
      student.body(index).at("messages").as_array().back().at("content").as_string());
}

}  // namespace jarvis::chat::testing
