#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <optional>
#include <string>

namespace jarvis::sdk {

/** judge-request/1: how well does `answer` agree with `gold`, both answers to `query`? All three
 * are data that somebody else wrote; a judge never follows what stands in them. */
struct JudgeRequest {
  std::string query;
  std::string gold;
  std::string answer;
};

/** judge-result/1. `score` lies in 0..1; nothing means that the judge's reply could not be read. */
struct JudgeResult {
  std::optional<double> score;
  std::string reason;
  Usage usage;
};

inline json::object to_json(const JudgeRequest& request) {
  return {{"schema", "judge-request/1"},
          {"query", request.query},
          {"gold", request.gold},
          {"answer", request.answer}};
}

inline JudgeRequest judge_request(const json::object& object) {
  return {required_string(object, "query"), required_string(object, "gold"),
          required_string(object, "answer")};
}

inline json::object to_json(const JudgeResult& result) {
  return {{"schema", "judge-result/1"},
          {"score", result.score ? json::value(*result.score) : json::value(nullptr)},
          {"reason", result.reason},
          {"usage", to_json(result.usage)}};
}

inline JudgeResult judge_result(const json::object& object) {
  return {optional_number(object, "score"), optional_string(object, "reason"),
          usage(optional_object(object, "usage"))};
}

}  // namespace jarvis::sdk
