#pragma once

#include <jarvis/sdk/payload/generate.hpp>

namespace jarvis::gemini {

namespace json = boost::json;
namespace sdk = jarvis::sdk;

/** Key of Message::engine_data: the turn's parts as they came. */
inline constexpr const char* kParts = "parts";

/** The body of generateContent. Throws JARVIS_INVALID when there is no message to send. */
json::object body_of(const sdk::GenerateRequest& request);

}  // namespace jarvis::gemini
