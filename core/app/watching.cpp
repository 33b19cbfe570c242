#include "core/app/watching.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>

#include "core/app/checked_in.hpp"
#include "core/app/holding.hpp"
#include "core/home/checkpoint/commit_log.hpp"
#include "core/session/rollback.hpp"

namespace jarvis {

namespace {

using Edits = std::vector<WatchedEdit>;

std::string edit_names(Edits::const_iterator begin, Edits::const_iterator end) {
  std::string names;
  for (; begin != end; ++begin) names += (names.empty() ? "" : ", ") + begin->edit_id;
  return names;
}

/** Each once, in this order. */
std::vector<std::string> session_ids(Edits::const_iterator begin, Edits::const_iterator end) {
  std::vector<std::string> ids;
  for (; begin != end; ++begin)
    if (std::find(ids.begin(), ids.end(), begin->session_id) == ids.end())
      ids.push_back(begin->session_id);
  return ids;
}

std::string rollback_hint(Edits::const_iterator begin, Edits::const_iterator end) {
  std::string commands;
  for (const std::string& id : session_ids(begin, end))
    commands += (commands.empty() ? "'jarvis learning rollback " : ", 'jarvis learning rollback ") +
                id + "'";
  return commands;
}

/** Whether to try again would be in vain. */
bool is_final(const Error& error) {
  return error.kind == ErrorKind::refused || error.kind == ErrorKind::dirty ||
         error.kind == ErrorKind::not_found || error.kind == ErrorKind::invalid;
}

/** Deals with one fall. */
class Fall {
 public:
  Fall(Application& application, const WatchFinding& finding)
      : application_(application),
        edits_(finding.edits),
        left_(edits_.begin()),
        harm_(finding.harm.empty() ? fall_text(finding.feedback) : finding.harm) {}

  /** Ended suddenly in between, it is gone on with: what did harm is known then. */
  Result<void> take_back() {
    if (auto recorded = record_all(""); !recorded) return recorded;
    for (; left_ != edits_.end(); ++left_) {
      auto session = application_.recorder().sessions().find(left_->session_id);
      if (!session) return session.error();
      const auto done = roll_back_edit(std::move(*session), left_->edit_id,
                                       application_.checkpoint(), application_.recorder(), harm_);
      if (done && !done->manual.commit.empty())
        application_.progress().step(notice_of(done->manual));
      if (done) continue;
      if (!is_final(done.error())) return done.error();
      hindrance_ = done.error().message;
      break;
    }
    return {};
  }

  Result<WatchDeed> name() const {
    const WatchDeed deed{edits_.front().session_id, line(), left_ != edits_.begin()};
    if (auto recorded = record_all(deed.line); !recorded) return recorded.error();
    spdlog::info("{}", deed.line);
    application_.progress().step(deed.line);
    return deed;
  }

 private:
  std::string line() const {
    std::string text = edit_names(edits_.begin(), edits_.end()) + ": " + harm_ + " since; ";
    if (left_ == edits_.end()) return text + "taken back";
    const std::string hint = rollback_hint(left_, edits_.end());
    if (hindrance_.empty()) return text + hint + " takes back what was applied";
    if (left_ != edits_.begin())
      text += "taken back but for " + edit_names(left_, edits_.end()) + ": ";
    else
      text += "cannot be taken back: ";
    return text + hindrance_ + "; when that is settled: " + hint;
  }

  Result<void> record_all(const std::string& notice) const {
    for (const std::string& id : session_ids(edits_.begin(), edits_.end()))
      if (auto recorded = record(id, notice); !recorded) return recorded;
    return {};
  }

  Result<void> record(const std::string& id, const std::string& notice) const {
    auto session = application_.recorder().sessions().find(id);
    if (!session) return session.error();
    for (auto edit = left_; edit != edits_.end(); ++edit)
      for (EditOutcome& outcome : session->outcomes)
        if (outcome.edit.id == edit->edit_id) outcome.harm = harm_;
    if (!notice.empty()) session->notices.push_back(notice);
    return application_.recorder().record(*session);
  }

  Application& application_;
  const Edits& edits_;
  Edits::const_iterator left_;  ///< from here on they are applied
  const std::string harm_;
  std::string hindrance_;
};

std::string two_places(double value) {
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

bool has_applied_edits(const std::vector<Session>& sessions) {
  return std::any_of(sessions.begin(), sessions.end(), [](const Session& session) {
    return std::any_of(
        session.outcomes.begin(), session.outcomes.end(),
        [](const EditOutcome& outcome) { return outcome.status == EditStatus::applied; });
  });
}

/** Falls that are to be dealt with. */
Result<std::vector<WatchFinding>> new_falls(Application& application) {
  std::vector<BrokenSession> broken;
  const auto sessions = application.recorder().sessions().list(broken);
  if (!has_applied_edits(sessions)) return std::vector<WatchFinding>();
  const auto traces = application.traces();
  if (!traces) return traces.error();
  auto findings = look_at_edits(application, **traces, sessions);
  if (findings)
    std::erase_if(*findings, [](const WatchFinding& finding) { return !finding.is_new(); });
  return findings;
}

}  // namespace

Result<std::vector<WatchFinding>> look_at_edits(const Application& application,
                                                const TraceReader& traces,
                                                const std::vector<Session>& sessions) {
  const auto reverted_at = commit_times(application.home_path(), revert_commits(sessions));
  if (!reverted_at) return reverted_at.error();
  return watch_edits(sessions, *reverted_at, traces, application.clock().now());
}

Result<std::vector<WatchDeed>> act_on_falls(Application& application, const std::string& command) {
  std::vector<WatchDeed> deeds;
  const auto settings = application.settings();
  if (!settings) return settings.error();
  if (!(*settings)->enabled || !(*settings)->watch_enabled) return deeds;
  const bool auto_revert = (*settings)->watch_auto_revert;
  if (const auto seen = new_falls(application); !seen)
    return seen.error();
  else if (seen->empty())
    return deeds;
  // First the lock: what was seen before may change until it is held.
  const auto lock = hold_home(application, command);
  if (!lock) return lock.error();
  const auto falls = new_falls(application);
  if (!falls) return falls.error();
  for (const WatchFinding& finding : *falls) {
    Fall fall(application, finding);
    if (auto_revert)
      if (auto taken = fall.take_back(); !taken) return taken.error();
    auto deed = fall.name();
    if (!deed) return deed.error();
    deeds.push_back(std::move(*deed));
  }
  if (application.config_changed()) application.forget_settings();
  return deeds;
}

void watch_first(Application& application) {
  const auto deeds = act_on_falls(application, "watch");
  // Who holds the home is said by what comes next, which needs it too.
  if (deeds || deeds.error().kind == ErrorKind::locked) return;
  const std::string line = "the watch cannot look at the applied edits: " + deeds.error().message;
  spdlog::info("{}", line);
  application.progress().step(line);
}

std::string finding_text(const WatchFinding& finding) {
  const FeedbackComparison& feedback = finding.feedback;
  const std::string names = edit_names(finding.edits.begin(), finding.edits.end()) + ": ";
  if (!finding.harm.empty()) return names + finding.harm + " since";
  if (feedback.is_credible) return names + fall_text(feedback) + " since";
  if (feedback.rated_before == 0) return names + "no ratings from before to compare with";
  if (feedback.traces == 0) return names + "no ratings since that can be compared";
  return names + "feedback " + two_places(feedback.after) + ", before " +
         two_places(feedback.before) + ", on " + std::to_string(feedback.traces) + " traces since";
}

json::object finding_document(const WatchFinding& finding) {
  const FeedbackComparison& feedback = finding.feedback;
  const bool compared = feedback.traces > 0;
  json::array edit_ids;
  for (const WatchedEdit& edit : finding.edits) edit_ids.push_back(json::value(edit.edit_id));
  return {{"session_id", finding.edits.front().session_id},
          {"edit_ids", std::move(edit_ids)},
          {"before", compared ? json::value(feedback.before) : json::value(nullptr)},
          {"after", compared ? json::value(feedback.after) : json::value(nullptr)},
          {"traces", feedback.traces},
          {"credible", feedback.is_credible || !finding.harm.empty()},
          {"harm", text_or_null(finding.harm)}};
}

}  // namespace jarvis
