#pragma once

#include <jarvis/sdk/host.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <string>

namespace jarvis::chat {

namespace json = boost::json;

/** What a tool may look at while it answers a call. Borrowed for that call. */
struct ToolContext {
  const sdk::StudentRequest& request;  ///< its `home` and `settings`
  const sdk::Host& host;
};

/** A tool that this runner has, in a file of its own: tool_<name>.cpp. None changes anything, so
 * that all may be run again when an edit is tried. */
struct Tool {
  const char* name;
  const char* description;       ///< where tools/descriptions.toml has none
  json::object (*parameters)();  ///< JSON Schema of type object
  /** The text for the model. Throws sdk::Failure for a call that cannot be answered: the model
   * reads what was wrong. */
  std::string (*answer)(const json::object& arguments, const ToolContext& context);
};

extern const Tool kThink;
extern const Tool kCalculator;
extern const Tool kDatetime;
extern const Tool kFileRead;
extern const Tool kMemorySearch;

/** The schema of a tool that takes one text. */
json::object one_text(const char* name, const char* description);

}  // namespace jarvis::chat
