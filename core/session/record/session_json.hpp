#pragma once

#include "core/model/json.hpp"
#include "core/model/session.hpp"

namespace jarvis {

/** session.json: OpenJarvis' keys in its order, then our own. */
json::object to_json(const Session& session);

/** Reads what to_json wrote and what OpenJarvis writes. Throws sdk::Failure naming the field. */
Session session_from_json(const json::object& object);

json::object to_json(const BenchmarkSnapshot& snapshot);
json::object to_json(const WholeChange& whole);
json::object to_json(const Cluster& cluster);

}  // namespace jarvis
