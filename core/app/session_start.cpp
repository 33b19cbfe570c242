#include "core/app/session_start.hpp"

#include <spdlog/spdlog.h>

namespace jarvis {

namespace {

Result<void> require_all(Workshop& work) {
  if (auto chosen = work.require_engines(); !chosen) return chosen;
  if (auto reached = work.require_student(); !reached) return reached;
  return work.check_in_changes();
}

}  // namespace

Result<Session> start_session(Workshop& work, Autonomy autonomy, const Trigger& trigger,
                              bool refresh_benchmark) {
  if (auto ready = require_all(work); !ready) return ready.error();
  if (refresh_benchmark) {
    const auto refreshed = work.refresh();
    if (!refreshed && refreshed.error().kind == ErrorKind::cancelled) return refreshed.error();
    if (!refreshed) spdlog::warn("the benchmark stays as it is: {}", refreshed.error().message);
  }
  const auto benchmark = work.benchmark(trigger);
  if (!benchmark) return benchmark.error();
  // Mining takes a while, and the session has not begun.
  if (auto clean = work.check_in_changes(); !clean) return clean.error();
  return work.run_session(autonomy, trigger, *benchmark);
}

Result<Session> go_on_with(Workshop& work, const Session& interrupted) {
  if (auto ready = require_all(work); !ready) return ready.error();
  return work.resume(interrupted);
}

}  // namespace jarvis
