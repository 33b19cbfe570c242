#pragma once

#include <memory>
#include <vector>

#include "core/host/isolation/child_process.hpp"
#include "core/host/isolation/drill.hpp"
#include "core/host/isolation/frames.hpp"
#include "core/host/isolation/limits.hpp"
#include "core/host/plugin.hpp"

namespace jarvis {

/** One process with one plugin in it. Answers one call at a time; used by one thread at a time. */
class Worker {
 public:
  /** Starts the process and has it load the plugin. The error is the plugin's refusal, or says why
   * the process could not be started or did not get ready. */
  static Result<std::unique_ptr<Worker>> start(const Manifest& manifest,
                                               const json::object& settings,
                                               const IsolationLimits& limits);
  /** Lets the plugin tidy up for a moment, then ends the process and whatever it started. */
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  const std::vector<PluginFunction>& functions() const { return functions_; }
  /** Whether its process ended while nobody used it. */
  bool has_ended() const { return process_.has_ended(); }
  /** False after a crash, a hang, a breach of the protocol or an internal error of the plugin: the
   * process is ended, or of no more use. */
  bool is_sound() const { return sound_; }
  Result<json::object> call(PluginFunction function, const json::object& request,
                            const CallContext& context);
  /** Outcomes of the drill, as outcomes_from reads them. An error: the process did not live through
   * it, or not within the time of one call. */
  Result<json::object> drill(const Drill& drill);

 private:
  Worker(ChildProcess process, FrameChannel channel, std::string id, double call_seconds);
  /** Sends one frame and gives the answer's body. `name` stands in messages. */
  Result<json::object> exchange(FrameKind kind, const std::string& body, const std::string& name,
                                const CallContext& context);
  /** Takes the process for unsound; the error says of which plugin and function it is. */
  Error doubted(Error error, const std::string& name);
  /** Ends the process and says that the plugin `did` so, with how the process ended. */
  Error lost(const std::string& did, std::chrono::milliseconds patience);

  ChildProcess process_;
  FrameChannel channel_;
  std::string id_;
  std::chrono::milliseconds call_time_;
  std::vector<PluginFunction> functions_;
  bool sound_ = true;
};

}  // namespace jarvis
