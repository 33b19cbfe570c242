#pragma once

#include <map>
#include <memory>

#include "core/host/isolation/drill.hpp"
#include "core/host/isolation/limits.hpp"
#include "core/host/isolation/worker.hpp"

namespace jarvis {

/** The plugin that is being checked, in a process of its own: a new one whenever the last did not
 * live through what it was asked. Used by one thread. */
class Subject {
 public:
  Subject(const Manifest& manifest, json::object settings, IsolationLimits limits);

  /** Loads it. Needed before anything else. */
  Result<void> start();
  const Manifest& manifest() const { return manifest_; }
  bool offers(PluginFunction function) const;

  /** Whether the process lived through what it was asked last. */
  bool has_lived() const { return worker_ && worker_->is_sound(); }

  /** An error where the process crashed, hung or could not be started again. A function that hung
   * is not called again until forget_hangs: its error is given once more. */
  Result<Outcomes> drill(const Drill& drill);
  void forget_hangs() { hung_.clear(); }
  /** One call without any services; the outcome of a crash or a hang is an error as well. */
  Outcome call(PluginFunction function, const std::string& request);

  /** Why the outcome is no fit way to answer anything, or nothing: a crash, a hang, a fault of the
   * plugin itself, a failure without a reason. */
  std::string fault_in(const Outcome& outcome) const;

 private:
  Manifest manifest_;
  json::object settings_;
  IsolationLimits limits_;
  std::vector<PluginFunction> functions_;
  std::unique_ptr<Worker> worker_;
  std::map<PluginFunction, Error> hung_;
};

}  // namespace jarvis
