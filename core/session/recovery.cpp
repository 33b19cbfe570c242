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
      if (auto closed = close(session); !closed) return closed.error();
      if (!changed_) continue;
      if (auto recorded = parts_.recorder.record(session); !recorded) return recorded.error();
    }
    const auto settled = parts_.recorder.settle(sessions);
    if (!settled) return settled.error();
    if (*settled) repairs_.push_back("brought the review queue and the index up to date");
    return std::move(repairs_);
  }

 private:
  Result<void> settle_accepted(Session& session) {
    for (EditOutcome& outcome : session.outcomes) {
      if (!is_on_its_way(outcome)) continue;
      const auto live = fingerprint_of(parts_.live);
      if (!live) return live.error();
      changed_ = true;
      if (outcome.candidate != *live) {
        forget_acceptance(outcome);
        continue;
      }
      const auto head = parts_.checkpoint.head();
      if (!head) return head.error();
      outcome.reached = true;
      outcome.status = EditStatus::applied;
      outcome.error.clear();
      outcome.commit = *head;
      outcome.applied_at = iso8601(parts_.clock.now());
      session.git_post = *head;
      settle_status(session);
      repairs_.push_back("edit " + outcome.edit.id + " was accepted and is applied (commit " +
                         head->substr(0, 8) + ")");
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
    bool any = false;
    for (EditOutcome& outcome : session.outcomes)
      for (const RevertedCommit& reverted : parts_.reverted) {
        if (outcome.status != EditStatus::applied || outcome.commit != reverted.commit) continue;
        outcome.status = EditStatus::rolled_back;
        outcome.revert_commit = reverted.revert_commit;
        any = true;
      }
    if (!any) return;
    close_queued(session);
    session.status = SessionStatus::rolled_back;
    repairs_.push_back("session " + session.id + " is rolled back");
    changed_ = true;
  }

  Result<void> close(Session& session) {
    if (!is_under_way(session)) return {};
    const auto costs = parts_.costs(session.id);
    if (!costs) return costs.error();
    session.cost_by_purpose = *costs;
    session.teacher_cost_usd = 0;
    for (const auto& [purpose, usd] : *costs)
      if (purpose != "unsettled") session.teacher_cost_usd += usd;
    const bool has_plan = !session.plan_path.empty();
    session.status = SessionStatus::failed;
    session.error_code = "interrupted";
    session.error = "the program ended in the middle of the session";
    session.error_hint = has_plan ? "go on with 'jarvis learning resume " + session.id + "'"
                                  : "start a new one with 'jarvis learning run'";
    session.ended_at = iso8601(parts_.clock.now());
    repairs_.push_back("session " + session.id + " was interrupted: " + session.error_hint);
    changed_ = true;
    return {};
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
