#pragma once

#include <jarvis/sdk/host.hpp>
#include <jarvis/sdk/payload/student.hpp>
#include <jarvis/text/student_home.hpp>
#include <memory>
#include <string>
#include <vector>

#include "plugins/shared/mended_post.hpp"

namespace jarvis::chat {

namespace json = boost::json;

/** One request to the student's model, in no server's words. */
struct ModelRequest {
  sdk::GenerateRequest conversation;
  json::object sampling;           ///< numbers beside the temperature: "top_p"
  std::vector<std::string> stops;  ///< texts at which the model is to stop; may be empty
  bool is_heard = false;           ///< somebody waits for the text as it comes
};

/** The server of the student's model. Used by one thread. */
class Engine {
 public:
  virtual ~Engine() = default;

  /** One answer, its thoughts still in the text. A server that refuses tools is asked once more
   * without them, and they are taken out of `request`. Throws JARVIS_UNAVAILABLE when the server
   * cannot be reached, JARVIS_INVALID when it has no such model, JARVIS_RETRYABLE for an answer
   * that cannot be read. */
  virtual sdk::GenerateResult ask(ModelRequest& request, const sdk::Host& host) = 0;

  /** The models that it lists. Throws JARVIS_UNAVAILABLE when it cannot be reached. */
  virtual sdk::ProbeResult probe(const sdk::Host& host) = 0;

  /** As a home writes it: "vllm". */
  virtual std::string name() const = 0;
};

/** The engine that serves the home's student. `refusals` outlives it. Throws as engine_place does,
 * and JARVIS_INVALID for a setting of the engine that cannot be what it is meant to be.
 * `settings`: see StudentRequest. */
std::unique_ptr<Engine> engine_for(const text::StudentHome& home, const std::string& base_url,
                                   const json::object& settings, shared::Refusals& refusals);

}  // namespace jarvis::chat
