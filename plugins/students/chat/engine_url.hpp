#pragma once

#include <jarvis/text/toml_document.hpp>
#include <string>

namespace jarvis::chat {

/** Where the home's own engine listens: where the home says, else at the engine's usual address.
 * Throws JARVIS_UNAVAILABLE when that is not known. */
std::string engine_url(const text::TomlDocument& config);

}  // namespace jarvis::chat
