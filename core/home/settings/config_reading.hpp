#pragma once

#include <jarvis/text/toml_document.hpp>
#include <string>

#include "core/model/json.hpp"
#include "core/model/result.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis {

/** The home's config.toml; an empty one where there is none. */
Result<text::TomlDocument> read_config(const HomeView& home);

/** config/default.toml. */
text::TomlDocument default_config();

/** Whether a key's value is to stay on this machine. Token counts and names of variables are no
 * secrets. */
bool looks_secret(const std::string& key, const json::value& value);

/** The value with "[removed]" in place of secrets. `secret`: everything in here belongs to a key
 * that looks secret. */
json::value redacted(const json::value& value, bool secret);

}  // namespace jarvis
