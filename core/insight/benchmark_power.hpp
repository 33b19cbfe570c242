#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/home/settings/settings.hpp"
#include "core/model/session.hpp"
#include "core/model/task.hpp"
#include "core/session/execute/gate/power.hpp"
#include "core/session/record/session_store.hpp"

namespace jarvis {

/** What the gate can see with a benchmark. */
struct BenchmarkPower {
  std::size_t held_out = 0;
  std::size_t tasks = 0;  ///< of them, that decide in a session
  double run_variance = 0;
  std::string noise_source;  ///< where the variance is known from
  GatePower one_edit;
  GatePower each_of_five;
};

/** What a session's verdicts saw of the noise. */
struct SeenNoise {
  std::string session_id;
  double noise_floor = 0;  ///< see Verdict
  int looks = 0;
};
/** Nothing where no verdict of the session saw any. */
std::optional<SeenNoise> seen_noise(const Session& session);
/** Of the newest session that saw some. */
std::optional<SeenNoise> newest_seen_noise(const SessionStore& sessions);

/** Without a noise that was seen, one is assumed. */
BenchmarkPower benchmark_power(const Benchmark& benchmark, const GateSettings& gate,
                               const std::optional<SeenNoise>& seen);

}  // namespace jarvis
