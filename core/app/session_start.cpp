#include "core/app/session_start.hpp"

#include <spdlog/spdlog.h>

namespace jarvis {

namespace {

Result<void> require_all(Workshop& work) {
  if (auto clean = work.require_clean_tree(); !clean) return clean;
  if (auto chosen = work.require_engines(); !chosen) return chosen;
  return work.require_student();
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
  return work.run_session(autonomy, trigger, *benchmark);
}

Result<Session> go_on_with(Workshop& work, const Session& interrupted) {
  if (auto ready = require_all(work); !ready) return ready.error();
  return work.resume(interrupted);
}

}  // namespace jarvis
