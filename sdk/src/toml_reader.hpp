#pragma once

#include <jarvis/sdk/json.hpp>
#include <string>

namespace jarvis::text {

/** Parses a TOML document; dates and times become strings. `name` stands in messages. Throws
 *  JARVIS_INVALID ("config.toml:12:5: …"). Never crashes, whatever the bytes: what toml++ is not
 * safe against is refused before it sees the text. */
boost::json::object read_toml(const std::string& text, const std::string& name);

}  // namespace jarvis::text
