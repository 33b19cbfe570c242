#include "core/session/recovery.hpp"

#include <algorithm>

#include "core/session/rollback.hpp"
#include "core/session/session.hpp"

namespace jarvis {

namespace {

/** OpenJarvis writes absolute paths. Its sessions are its own business. */
bool is_foreign(const Session& session) {
  return session.diagnosis_path.rfind('/', 0) == 0 || session.plan_path.rfind('/', 0) == 0;
}

bool is_under_way(const Session& session) {
  return session.status == SessionStatus::initiated ||
         session.status == SessionStatus::diagnosing || session.status == SessionStatus::planning ||
         session.status == SessionStatus::executing;
}

/** The gate accepted it, and the record does not say that it was put in place. */
bool is_on_its_way(const EditOutcome& outcome) {
  const bool open =
      outcome.status == EditStatus::pending_review || (!outcome.reached && outcome.commit.empty());
  return open && outcome.verdict && outcome.verdict->decision == Decision::accept &&
         !outcome.candidate.empty();
}

class Recovery {
 public:
  explicit Recovery(const RecoveryParts& parts) : parts_(parts) {}

  Result<std::vector<std::string>> run() {
    std::vector<BrokenSession> broken;
    std::vector<Session> sessions = parts_.recorder.sessions().list(broken);
    for (Session& session : sessions) {
      if (is_foreign(session)) continue;
      changed_ = false;
      if (auto settled = settle_accepted(session); !settled) return settled.error();
      settle_reverted(session);
      if (auto counted = count_costs(session); !counted) return counted.error();
      close(session);
      if (!changed_) continue;
      if (auto recorded = parts_.recorder.record(session); !recorded) return recorded.error();
    }
    const auto settled = parts_.recorder.settle(sessions);
    if (!settled) return settled.error();
    repairs_.insert(repairs_.end(), settled->begin(), settled->end());
    return std::move(repairs_);
  }

 private:
  Result<void> settle_accepted(Session& session) {
    for (EditOutcome& outcome : session.outcomes) {
      if (!is_on_its_way(outcome)) continue;
      // What the user changed since then does not make it less applied.
      const auto commit = parts_.checkpoint.own_commit_of(outcome.candidate);
      if (!commit) return commit.error();
      changed_ = true;
      if (commit->empty()) {
        forget_acceptance(outcome);
        continue;
      }
      outcome.reached = true;
      outcome.status = EditStatus::applied;
      outcome.error.clear();
      outcome.commit = *commit;
      outcome.applied_at = iso8601(parts_.clock.now());
      session.git_post = *commit;
      settle_status(session);
      repairs_.push_back("edit " + outcome.edit.id + " was accepted and is applied (commit " +
                         commit->substr(0, 8) + ")");
    }
    return {};
  }

  /** It was accepted, and never put in place: it is tried anew, from recorded runs. */
  static void forget_acceptance(EditOutcome& outcome) {
    if (outcome.status == EditStatus::pending_review)
      outcome.verdict.reset();
    else
      outcome = not_reached(outcome.edit);
  }

  void settle_reverted(Session& session) {
    std::vector<std::string> edits;
    bool whole = parts_.what == TakenBack::session;
    for (EditOutcome& outcome : session.outcomes) {
      if (outcome.status != EditStatus::applied) continue;
      const auto found = std::find_if(
          parts_.reverted.begin(), parts_.reverted.end(),
          [&](const RevertedCommit& reverted) { return reverted.commit == outcome.commit; });
      whole = whole && found != parts_.reverted.end();
      if (found == parts_.reverted.end()) continue;
      outcome.status = EditStatus::rolled_back;
      outcome.revert_commit = found->revert_commit;
      edits.push_back(outcome.edit.id);
    }
    if (edits.empty()) return;
    changed_ = true;
    if (whole) {
      close_queued(session);
      session.status = SessionStatus::rolled_back;
      repairs_.push_back("session " + session.id + " is rolled back");
      return;
    }
    for (const std::string& edit : edits) repairs_.push_back("edit " + edit + " is rolled back");
  }

  Result<void> count_costs(Session& session) {
    if (!is_under_way(session) && session.approving.empty()) return {};
    const auto costs = parts_.costs(session.id);
    if (!costs) return costs.error();
    session.cost_by_purpose = *costs;
    session.teacher_cost_usd = 0;
    for (const auto& [purpose, usd] : *costs)
      if (purpose != "unsettled") session.teacher_cost_usd += usd;
    session.approving.clear();
    changed_ = true;
    return {};
  }

  void close(Session& session) {
    if (!is_under_way(session)) return;
    const bool has_plan = !session.plan_path.empty();
    session.status = SessionStatus::failed;
    session.error_code = "interrupted";
    session.error = "the program ended in the middle of the session";
    session.error_hint = has_plan ? "go on with 'jarvis learning resume " + session.id + "'"
                                  : "start a new one with 'jarvis learning run'";
    session.ended_at = iso8601(parts_.clock.now());
    repairs_.push_back("session " + session.id + " was interrupted: " + session.error_hint);
  }

  const RecoveryParts& parts_;
  std::vector<std::string> repairs_;
  bool changed_ = false;
};

}  // namespace

Result<std::vector<std::string>> recover_sessions(const RecoveryParts& parts) {
  return Recovery(parts).run();
}

}  // namespace jarvis
