#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "core/model/json.hpp"
#include "core/model/session.hpp"

namespace jarvis {

/** One edit of session.json: OpenJarvis' keys in its order, then our own. */
json::object to_json(const EditOutcome& outcome);

/** Reads what to_json wrote and what OpenJarvis writes. Throws sdk::Failure naming the field. */
EditOutcome outcome_from_json(const json::object& object);

json::object to_json(const TaskResult& task);

json::object scores_json(const std::map<std::string, double>& scores);
/** What is no number is left out. */
std::map<std::string, double> scores_from(const json::object& object);

/** [low, high], or null. */
json::value interval_json(const std::optional<std::array<double, 2>>& interval);
/** The object's "interval"; nothing where it is not two numbers. */
std::optional<std::array<double, 2>> interval_from(const json::object& object);

}  // namespace jarvis
