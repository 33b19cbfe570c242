#pragma once

#include <jarvis/sdk/json.hpp>
#include <string>
#include <vector>

namespace jarvis::sdk {

/** edit-request/1: one edit to check or to make below `home`, a staged copy of the user's home. */
struct EditRequest {
  std::string op;
  std::string target;
  json::object payload;
  std::string home;
};

/** edit-result/1: the files that were written, relative to the home, and one line for a person. */
struct EditResult {
  std::vector<std::string> changed_files;
  std::string summary;
};

inline json::object to_json(const EditRequest& request) {
  return {{"schema", "edit-request/1"},
          {"op", request.op},
          {"target", request.target},
          {"payload", request.payload},
          {"home", request.home}};
}

inline EditRequest edit_request(const json::object& object) {
  return {required_string(object, "op"), optional_string(object, "target"),
          optional_object(object, "payload"), required_string(object, "home")};
}

inline json::object to_json(const EditResult& result) {
  return {{"schema", "edit-result/1"},
          {"changed_files", json::value_from(result.changed_files)},
          {"summary", result.summary}};
}

inline EditResult edit_result(const json::object& object) {
  return {strings_of(optional_array(object, "changed_files")), optional_string(object, "summary")};
}

}  // namespace jarvis::sdk
