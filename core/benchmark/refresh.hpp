#pragma once

#include <functional>
#include <optional>

#include "core/benchmark/candidates.hpp"
#include "core/benchmark/store.hpp"
#include "core/model/task.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/judge.hpp"
#include "core/ports/progress.hpp"
#include "core/ports/purse.hpp"
#include "core/ports/teacher.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** A benchmark is made from this many different liked questions on. */
inline constexpr std::size_t kLeastLiked = 10;

/** What a refresh needs. All references are borrowed for the call. */
struct BenchmarkInputs {
  const TraceReader& traces;
  Teacher& teacher;
  Judge& judge;
  const Clock& clock;
  const BenchmarkStore& store;
  MiningRule rule;
  int concurrency = 8;
  const Purse* purse =
      nullptr;  ///< the synthesis budget; what it spends meanwhile is the version's cost
  Progress* progress = nullptr;
  std::function<bool()> cancelled;
  bool ask_unsure_again = false;  ///< the user wants it
};

/** What a refresh came to. */
struct Refresh {
  Benchmark benchmark;
  bool changed = false;  ///< false: nothing new was found and no file was written
  int added = 0;
  double cost_usd = 0;           ///< spent by this refresh, also where it wrote no version
  int unsure = 0;                ///< wait because two teacher answers did not agree
  int waiting = 0;               ///< wait for any other reason; a later refresh goes on with them
  std::optional<Error> stopped;  ///< why it ended early: budget or cancelled
  std::optional<Error> first_failure;  ///< of those that wait for other reasons
};

/** Mines the rated traces and writes the next version: the former version's tasks with their gold
 * answers and parts, and new ones; at the size cap a former task goes where a new one comes. Never
 * pays for a gold answer twice, whatever ended the refresh that made it. A candidate whose gold was
 * unsure is asked again when its rating, a model or the prompt has changed, or the user wants it.
 * When the money ends, the version holds what is there. What a flagged trace asks is practice.
 * Errors: not_ready ("Personal benchmark is empty: …") with fewer
 * than ten liked questions and no former version; whatever stopped the work when not one gold
 * answer could be made, and for the first version also when it was cancelled or a server was away
 * for many of them: the next call goes on. */
Result<Refresh> refresh_benchmark(const BenchmarkInputs& inputs);

}  // namespace jarvis
