#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/host/plugin.hpp"

namespace jarvis {

/** Calls that are made inside of a plugin's process to see how it behaves: with requests that need
 * not be JSON, from many threads at once, with services that answer what is written here. */
struct Drill {
  struct Call {
    PluginFunction function = PluginFunction::edit_apply;
    std::string request;
  };
  std::vector<Call> calls;
  int threads = 1;  ///< each makes all of the calls, `rounds` times over
  int rounds = 1;
  bool cancelled = false;  ///< what the plugin is told when it asks
  /** What a service answers, by its name; "*" stands for all others. Without an answer a service is
   * refused, as one that is not offered. */
  std::map<std::string, Result<json::object>> services;
};

/** One answer of a plugin, or its failure as Plugin::call gives it. */
using Outcome = Result<json::object>;
/** For each call of a drill all of its outcomes. */
using Outcomes = std::vector<std::vector<Outcome>>;

json::object to_json(const Drill& drill);
/** Throws sdk::Failure for anything else than what to_json gives. */
Drill drill_from(const json::object& object);

/** Makes the calls; gives what outcomes_from reads. `plugin` is loaded in this process. */
json::object run_drill(const Plugin& plugin, const Drill& drill);
/** Throws for anything else than what run_drill gives. */
Outcomes outcomes_from(const json::object& object);

}  // namespace jarvis
