#include "core/host/check/subject.hpp"

#include <algorithm>
#include <chrono>

#include "core/host/reply.hpp"

namespace jarvis {

using Clock = std::chrono::steady_clock;

Subject::Subject(const Manifest& manifest, json::object settings, IsolationLimits limits)
    : manifest_(manifest), settings_(std::move(settings)), limits_(std::move(limits)) {}

Result<void> Subject::start() {
  worker_.reset();
  auto started = Worker::start(manifest_, settings_, limits_);
  if (!started) return started.error();
  worker_ = std::move(*started);
  functions_ = worker_->functions();
  return {};
}

bool Subject::offers(PluginFunction function) const {
  return std::find(functions_.begin(), functions_.end(), function) != functions_.end();
}

Result<Outcomes> Subject::drill(const Drill& drill) try {
  for (const Drill::Call& call : drill.calls)
    if (const auto hung = hung_.find(call.function); hung != hung_.end()) return hung->second;
  if (!worker_ || !worker_->is_sound() || worker_->has_ended())
    if (auto started = start(); !started) return started.error();
  const auto start = Clock::now();
  const auto answer = worker_->drill(drill);
  if (!answer) {
    const std::chrono::duration<double> taken = Clock::now() - start;
    if (taken.count() >= limits_.call_seconds)
      for (const Drill::Call& call : drill.calls) hung_.emplace(call.function, answer.error());
    return answer.error();
  }
  Outcomes outcomes = outcomes_from(*answer);
  if (outcomes.size() == drill.calls.size()) return outcomes;
  return Error{ErrorKind::internal, "plugin '" + manifest_.id + "' spoke nonsense", ""};
} catch (const std::exception& error) {
  return Error{ErrorKind::internal, "plugin '" + manifest_.id + "' spoke nonsense: " + error.what(),
               ""};
}

Outcome Subject::call(PluginFunction function, const std::string& request) {
  Drill drill;
  drill.calls = {{function, request}};
  auto outcomes = this->drill(drill);
  if (!outcomes) return outcomes.error();
  if (outcomes->front().size() == 1) return outcomes->front().front();
  return Error{ErrorKind::internal, "plugin '" + manifest_.id + "' spoke nonsense", ""};
}

std::string Subject::fault_in(const Outcome& outcome) const {
  if (outcome) return {};
  const Error& error = outcome.error();
  if (error.kind == ErrorKind::internal) return error.message;
  if (error.message.empty() || error.message == failed_without_a_reason(manifest_.id))
    return "it failed without saying why";
  return {};
}

}  // namespace jarvis
