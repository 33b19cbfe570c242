#include <algorithm>

#include "core/app/cli/autonomy.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/session_view.hpp"
#include "core/app/session_start.hpp"
#include "core/app/watching.hpp"

namespace jarvis {

namespace {

constexpr int kWithoutGain = 5;  ///< sessions in a row after which more of the same is no use

struct Limits {
  std::optional<std::int64_t> sessions;
  std::optional<double> total_usd;
};

double cost_of(const Session& session) {
  const auto unsettled = session.cost_by_purpose.find("unsettled");
  return session.teacher_cost_usd +
         (unsettled == session.cost_by_purpose.end() ? 0 : unsettled->second);
}

bool brought_gain(const Session& session) {
  return std::any_of(
      session.outcomes.begin(), session.outcomes.end(),
      [](const EditOutcome& outcome) { return outcome.status == EditStatus::applied; });
}

/** Faults that the next session would meet again. */
bool ends_loop(const Session& session) {
  for (const ErrorKind kind : {ErrorKind::cancelled, ErrorKind::dirty, ErrorKind::io,
                               ErrorKind::unavailable, ErrorKind::internal})
    if (session.error_code == to_string(kind)) return true;
  return false;
}

bool ends_with_failure(const std::vector<Session>& sessions) {
  return !sessions.empty() && ends_loop(sessions.back());
}

/** Sessions one after the other. */
class Loop {
 public:
  Loop(Application& application, Autonomy autonomy, bool local_only, Limits limits)
      : application_(application), autonomy_(autonomy), local_only_(local_only), limits_(limits) {}

  Result<void> run() {
    while (stopped_by_.empty()) {
      const auto done = next();
      // What was done before stays reported.
      if (!done && sessions_.empty()) return done;
      if (!done) stopped_by_ = done.error().message;
    }
    return {};
  }

  const std::vector<Session>& sessions() const { return sessions_; }
  const std::string& stopped_by() const { return stopped_by_; }
  double spent_usd() const { return spent_usd_; }

 private:
  Result<void> next() {
    watch_first(application_);
    // The user may have changed config.toml since the last one.
    if (application_.config_changed()) application_.forget_settings();
    const auto settings = application_.settings();
    if (!settings) return settings.error();
    double cap = (*settings)->max_cost_per_session_usd;
    if (limits_.total_usd) cap = std::min(cap, *limits_.total_usd - spent_usd_);
    auto workshop = Workshop::open(application_, {"learning loop", cap, local_only_, {}});
    if (!workshop) return workshop.error();
    if (auto enough = (*workshop)->require_traces(); !enough) return enough;
    const auto session = start_session(**workshop, autonomy_, {});
    if (!session) return session.error();
    take(*session);
    return {};
  }

  void take(const Session& session) {
    sessions_.push_back(session);
    spent_usd_ += cost_of(session);
    without_gain_ = brought_gain(session) ? 0 : without_gain_ + 1;
    const auto count = static_cast<std::int64_t>(sessions_.size());
    if (ends_loop(session))
      stopped_by_ = session.error;
    else if (without_gain_ >= kWithoutGain)
      stopped_by_ = std::to_string(kWithoutGain) + " sessions in a row brought no gain";
    else if (limits_.sessions && count >= *limits_.sessions)
      stopped_by_ = "--max-sessions";
    else if (limits_.total_usd && spent_usd_ >= *limits_.total_usd)
      stopped_by_ = "--max-total-cost";
  }

  Application& application_;
  const Autonomy autonomy_;
  const bool local_only_;
  const Limits limits_;
  std::vector<Session> sessions_;
  std::string stopped_by_;
  double spent_usd_ = 0;
  int without_gain_ = 0;
};

}  // namespace

Result<int> learning_loop(Application& application, const Arguments& arguments, Output& output) {
  const auto autonomy = autonomy_of(application, arguments);
  if (!autonomy) return autonomy.error();
  const auto sessions = arguments.count("--max-sessions");
  if (!sessions) return sessions.error();
  const auto total = arguments.number("--max-total-cost");
  if (!total) return total.error();
  if (*sessions && **sessions == 0)
    return Error{ErrorKind::usage, "--max-sessions is at least 1", ""};
  Loop loop(application, *autonomy, arguments.has("--local"), {*sessions, *total});
  if (auto done = loop.run(); !done) return done.error();
  json::array summaries;
  for (const Session& session : loop.sessions()) summaries.push_back(session_summary(session));
  output.document({{"sessions", std::move(summaries)},
                   {"stopped_by", loop.stopped_by()},
                   {"total_cost_usd", loop.spent_usd()}});
  print_history(loop.sessions(), application.clock().now(), output);
  output.line("Stopped: " + loop.stopped_by() + ". Spent " + dollars(loop.spent_usd()) + ".");
  return ends_with_failure(loop.sessions()) ? 1 : 0;
}

}  // namespace jarvis
