#pragma once

#include <jarvis/sdk/payload/generate.hpp>

namespace jarvis::rehearsal {

/** The rehearsal teacher's next turn. It keeps nothing between calls: all that it knows is in the
 * request. A request with tools is a diagnosis; one without, whose text speaks of edits and
 * clusters, asks for a plan; any other is a question to be answered. */
sdk::GenerateResult teach(const sdk::GenerateRequest& request);

/** The next turn of a diagnosis: tool calls, then the narrative and the clusters. */
sdk::Message diagnose(const sdk::GenerateRequest& request);

/** `{"edits":[…]}` for the first of its own clusters that `text` names, with ops that `text`
 * offers. */
std::string plan(const std::string& text);

}  // namespace jarvis::rehearsal
