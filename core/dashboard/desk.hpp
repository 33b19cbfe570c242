#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/dashboard/actions.hpp"
#include "core/dashboard/feedback_trend.hpp"
#include "core/dashboard/plugin_list.hpp"
#include "core/dashboard/sessions_index.hpp"
#include "core/dashboard/spent_money.hpp"
#include "core/home/live_home.hpp"
#include "core/home/traces/trace_store.hpp"
#include "core/model/json.hpp"
#include "core/model/result.hpp"
#include "core/ports/clock.hpp"
#include "core/session/record/recorder.hpp"

namespace jarvis::dashboard {

/** What the dashboard is told by the program around it. */
struct Parts {
  std::filesystem::path home;
  const Clock& clock;
  std::filesystem::path program;  ///< started for approvals, sessions and the like
  std::string version;
};

/** All that the pages are made from. Reads the home; what changes it is done by Actions, but for
 * ratings. Safe to use from many threads. */
struct Desk {
  explicit Desk(Parts given);

  Result<std::unique_ptr<TraceStore>> traces() const;
  /** The unfinished session that somebody works at now; empty when there is none. */
  std::string session_at_work();

  const Parts parts;
  const Recorder recorder;
  const LiveHome home;
  SessionIndex index;
  FeedbackTrend feedback;
  SpentMoney spent;
  Actions actions;
  PluginList plugins;
};

}  // namespace jarvis::dashboard
