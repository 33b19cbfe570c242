#pragma once

#include <string>
#include <vector>

#include "core/host/manifest.hpp"
#include "core/host/plugin_function.hpp"

namespace jarvis {

/** A request as the host makes it. `home` is a scratch home. */
json::object sound_request(PluginFunction function, const Provided& provided,
                           const std::string& home);

struct MalformedRequest {
  std::string what;  ///< "a list in the place of 'op'"
  std::string text;
  /** False: a plugin that does not read the field may take the request. */
  bool must_be_declined = true;
};

/** What no host sends and plugins decline: broken JSON, other JSON than an object, fields that are
 * missing or of another type. */
std::vector<MalformedRequest> malformed_requests(PluginFunction function,
                                                 const json::object& sound);

/** A value that a schema of the enforced subset allows, as far as that can be told without solving
 * its patterns. Its `default` where there is one. */
json::value sample_of(const json::object& schema);

/** Of a table: the keys that are required or have a default. */
json::object sample_object(const json::object& schema);

}  // namespace jarvis
