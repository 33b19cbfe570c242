#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <optional>
#include <string>

namespace jarvis::sdk {

/** judge-request/1: how well does `answer` agree with `gold`, both answers to `query`? All three
 * are data that somebody else wrote; a judge never follows what stands in them. */
struct JudgeRequest {
  std::string query;  ///< required: what the user asked
  /** required: the answer that is held to be right; empty: there is none, and the score says how
   * well `answer` serves the question by itself */
  std::string gold;
  std::string answer;  ///< required: the answer to score; may be empty
};

/** judge-result/1. `score` lies in 0..1; nothing means that the judge's reply could not be read. */
struct JudgeResult {
  std::optional<double> score;  ///< 1: agrees in full; outside 0..1 it counts as none
  std::string reason;           ///< one line for a person; may be empty
  Usage usage;                  ///< for the record: the host meters what `engine` is asked
};

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const JudgeRequest& request) {
  return {{"schema", "judge-request/1"},
          {"query", request.query},
          {"gold", request.gold},
          {"answer", request.answer}};
}

/** Reads judge-request/1. Throws Failure(JARVIS_INVALID) when one of the texts is missing. */
inline JudgeRequest judge_request(const json::object& object) {
  return {required_string(object, "query"), required_string(object, "gold"),
          required_string(object, "answer")};
}

/** The object as it crosses the border, with its `schema`; no score is null. */
inline json::object to_json(const JudgeResult& result) {
  return {{"schema", "judge-result/1"},
          {"score", result.score ? json::value(*result.score) : json::value(nullptr)},
          {"reason", result.reason},
          {"usage", to_json(result.usage)}};
}

/** Reads judge-result/1; a score that is no number is none. Throws nothing. */
inline JudgeResult judge_result(const json::object& object) {
  return {optional_number(object, "score"), optional_string(object, "reason"),
          usage(optional_object(object, "usage"))};
}

}  // namespace jarvis::sdk
