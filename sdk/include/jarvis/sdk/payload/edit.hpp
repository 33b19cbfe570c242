#pragma once

#include <jarvis/sdk/json.hpp>
#include <string>
#include <vector>

namespace jarvis::sdk {

// In all payloads: texts are UTF-8, an optional field that is missing reads as its default here, a
// field that is not known is passed over. A reader throws Failure(JARVIS_INVALID), naming the
// field, when a required one is missing or of another type. Values are owned by the struct.

/** edit-request/1: one edit to check or to make below `home`, a staged copy of the user's home. */
struct EditRequest {
  std::string op;        ///< required: the id of one of the manifest's appliers
  std::string target;    ///< what the teacher says that it is about ("agents.simple"); may be empty
  json::object payload;  ///< required: fits the op's payload_schema
  std::string home;      ///< required: absolute path
};

/** edit-result/1: the files that were written, relative to the home, and one line for a person. */
struct EditResult {
  /** Required: "config.toml", "agents/simple/system_prompt.md"; new and removed files too. In any
   * order. */
  std::vector<std::string> changed_files;
  std::string summary;  ///< may be empty; what history and review show
};

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const EditRequest& request) {
  return {{"schema", "edit-request/1"},
          {"op", request.op},
          {"target", request.target},
          {"payload", request.payload},
          {"home", request.home}};
}

/** Reads edit-request/1. */
inline EditRequest edit_request(const json::object& object) {
  return {required_string(object, "op"), optional_string(object, "target"),
          optional_object(object, "payload"), required_string(object, "home")};
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const EditResult& result) {
  return {{"schema", "edit-result/1"},
          {"changed_files", json::value_from(result.changed_files)},
          {"summary", result.summary}};
}

/** Reads edit-result/1; throws nothing: files that are not named count as not reported. */
inline EditResult edit_result(const json::object& object) {
  return {strings_of(optional_array(object, "changed_files")), optional_string(object, "summary")};
}

}  // namespace jarvis::sdk
