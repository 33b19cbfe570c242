#include "core/session/session.hpp"

#include <algorithm>

#include "core/base/atomic_file.hpp"
#include "core/session/record/step_log.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kFewTasks = 20;  ///< with fewer, reports say how little they can see

/** Runs the phases in order and keeps the session's record up to date. */
class SessionRun {
 public:
  SessionRun(const SessionParts& parts, const std::string& id, Autonomy autonomy,
             const Trigger& trigger)
      : parts_(parts) {
    session_.id = id;
    session_.autonomy = autonomy;
    session_.trigger = trigger;
    session_.started_at = iso8601(parts.clock.now());
    session_.notices = parts.notices;
    if (parts.benchmark) session_.benchmark_version = parts.benchmark->version;
  }

  /** Goes on with a session that has its plan. */
  SessionRun(const SessionParts& parts, Session interrupted)
      : parts_(parts), session_(std::move(interrupted)) {
    session_.error_code = session_.error = session_.error_hint = "";
    session_.ended_at = "";
    session_.notices.insert(session_.notices.end(), parts.notices.begin(), parts.notices.end());
    execution_ = {session_.outcomes, session_.before, session_.after, session_.whole};
  }

  Result<Session> resume() {
    if (auto opened = open_files(); !opened) return opened.error();
    if (auto done = rest_of_execution(); !done) fail(done.error());
    finish();
    if (auto recorded = parts_.recorder.record(session_); !recorded) return recorded.error();
    return session_;
  }

  Result<Session> run() {
    const auto head = parts_.checkpoint.head();
    if (head) session_.git_pre = *head;
    if (auto opened = open(); !opened) return opened.error();
    if (!head) {
      fail(head.error());
    } else if (auto done = phases(); !done) {
      fail(done.error());
    }
    finish();
    if (auto recorded = parts_.recorder.record(session_); !recorded) return recorded.error();
    return session_;
  }

 private:
  Result<void> open() {
    if (auto opened = open_files(); !opened) return opened;
    return parts_.recorder.record(session_);
  }

  Result<void> open_files() {
    auto files = parts_.recorder.sessions().files(session_.id);
    if (!files) return files.error();
    files_ = std::move(*files);
    steps_ = std::make_unique<StepLog>(*files_, parts_.progress, parts_.clock, parts_.purse);
    return {};
  }

  // What a plugin or a library throws ends this session and nothing else.
  Result<void> phases() try {
    auto diagnosis = diagnose_phase();
    if (!diagnosis) return diagnosis.error();
    auto plan = plan_phase(*diagnosis);
    if (!plan) return plan.error();
    return execute_phase(*plan);
  } catch (const std::exception& error) {
    return Error{ErrorKind::internal, error.what(), ""};
  }

  Result<void> rest_of_execution() try {
    const auto text = read_file(parts_.live.root() / session_.plan_path);
    if (!text) return text.error();
    const auto plan = read_plan(*text, session_.plan_sha256);
    if (!plan) return plan.error();
    return execute_phase(*plan);
  } catch (const std::exception& error) {
    return Error{ErrorKind::internal, error.what(), ""};
  }

  /** What recovery needs to know before files change: this edit, to these bytes. */
  Result<void> about_to_accept(const EditOutcome& accepted) {
    for (EditOutcome& outcome : execution_.outcomes) {
      if (outcome.edit.id != accepted.edit.id) continue;
      outcome = accepted;
      outcome.reached = false;
      outcome.status = EditStatus::skipped;
      outcome.error = "not reached";
    }
    take_execution();
    count_costs();
    if (auto recorded = parts_.recorder.record(session_); !recorded) return recorded;
    return steps_->begin("apply",
                         {{"edit_id", accepted.edit.id}, {"candidate", accepted.candidate}});
  }

  Result<void> decided(const EditOutcome& outcome) {
    take_execution();
    count_costs();
    if (auto recorded = parts_.recorder.record(session_); !recorded) return recorded;
    return record_end(*steps_, outcome);
  }

  Result<void> enter(SessionStatus status, const std::string& step) {
    session_.status = status;
    steps_->step(std::string(to_string(status)));
    count_costs();
    if (auto recorded = parts_.recorder.record(session_); !recorded) return recorded;
    return steps_->begin(step);
  }

  Result<Diagnosis> diagnose_phase() {
    if (auto entered = enter(SessionStatus::diagnosing, "diagnose"); !entered)
      return entered.error();
    // Whatever the student writes while it is examined, it writes there.
    const auto copy = parts_.stager.stage(parts_.live, "diagnosis");
    if (!copy) return copy.error();
    Turns turns;
    RecordedCalls calls({parts_.student, parts_.judge, parts_.ledger, parts_.cancelled, session_.id,
                         parts_.student_identity, parts_.judge_identity, parts_.allowed_tools},
                        turns);
    const DiagnoseInputs inputs{**copy,
                                parts_.traces,
                                parts_.benchmark,
                                parts_.teacher,
                                calls,
                                parts_.toolbox,
                                parts_.purse,
                                *files_,
                                *steps_,
                                parts_.clock,
                                parts_.diagnose_prompts,
                                parts_.config,
                                parts_.student_tools,
                                session_.trigger,
                                parts_.max_tool_calls,
                                parts_.concurrency,
                                parts_.liked_from,
                                parts_.cancelled,
                                parts_.privacy};
    std::vector<Cluster> dropped;
    auto diagnosis = diagnose(inputs, dropped);
    session_.clusters = diagnosis ? diagnosis->clusters : dropped;
    if (diagnosis || !dropped.empty()) session_.diagnosis_path = files_->path_of("diagnosis.md");
    if (!diagnosis) return diagnosis;
    if (auto ended = steps_->end("diagnose", {{"clusters", diagnosis->clusters.size()}}); !ended)
      return ended.error();
    return diagnosis;
  }

  Result<Plan> plan_phase(const Diagnosis& diagnosis) {
    if (auto entered = enter(SessionStatus::planning, "plan"); !entered) return entered.error();
    parts_.purse.allow(SpendingStep::plan);
    auto made = make_plan({session_.id, diagnosis, parts_.live, parts_.catalogue, parts_.differ,
                           parts_.teacher, *files_, parts_.clock, parts_.plan_prompts,
                           parts_.config, parts_.past, parts_.privacy});
    if (!made) return made.error();
    session_.plan_path = files_->path_of("plan.json");
    session_.plan_sha256 = made->sha256;
    if (auto ended = steps_->end("plan", {{"edits", made->plan.edits.size()}}); !ended)
      return ended.error();
    return std::move(made->plan);
  }

  Result<void> execute_phase(const Plan& plan) {
    if (auto entered = enter(SessionStatus::executing, "execute"); !entered) return entered.error();
    parts_.purse.allow(SpendingStep::execute);
    Trial trial(trial_parts());
    session_.sampled_task_ids.clear();
    for (const Task& task : trial.parts().sample) session_.sampled_task_ids.push_back(task.id);
    note_few_tasks(trial.parts().sample.size());
    const auto executed = execute(plan, session_.autonomy, trial, execution_,
                                  [this](const EditOutcome& outcome) { return decided(outcome); });
    if (!executed) return executed;
    return steps_->end("execute");
  }

  void take_execution() {
    session_.outcomes = execution_.outcomes;
    session_.before = execution_.before;
    session_.after = execution_.after;
    session_.whole = execution_.whole;
  }

  void note_few_tasks(std::size_t tasks) {
    if (tasks == 0 || tasks >= kFewTasks) return;
    session_.notices.push_back("only " + std::to_string(tasks) +
                               " held-out tasks decide: they see large changes alone; rate more "
                               "answers");
  }

  TrialParts trial_parts() {
    TrialParts trial{parts_.live,
                     parts_.stager,
                     parts_.checkpoint,
                     parts_.catalogue,
                     parts_.differ,
                     parts_.student,
                     parts_.judge,
                     parts_.ledger,
                     *steps_,
                     parts_.clock,
                     session_.id,
                     session_.benchmark_version,
                     {},
                     parts_.rule,
                     parts_.concurrency,
                     parts_.cancelled};
    trial.known_models = parts_.known_models;
    trial.past = parts_.past;
    trial.judge_identity = parts_.judge_identity;
    trial.student_identity = parts_.student_identity;
    trial.allowed_tools = parts_.allowed_tools;
    trial.about_to_try = [this](const Edit& edit) {
      return steps_->begin("edit", {{"edit_id", edit.id}, {"op", edit.op}});
    };
    trial.about_to_accept = [this](const EditOutcome& outcome) { return about_to_accept(outcome); };
    trial.spent_usd = [this] { return parts_.purse.spent_usd(); };
    if (!parts_.benchmark) return trial;
    trial.sample = draw_sample(*parts_.benchmark, session_.id, parts_.sample);
    trial.held_out = parts_.benchmark->part(Part::held_out);
    return trial;
  }

  void count_costs() {
    // A session that was resumed has found some of them before.
    for (const auto& [rule, count] : parts_.privacy.counts())
      session_.redactions[rule] = std::max(session_.redactions[rule], count);
    session_.teacher_cost_usd = parts_.purse.spent_usd();
    session_.cost_by_purpose = parts_.purse.spent_by_purpose();
    if (parts_.purse.unsettled_usd() > 0)
      session_.cost_by_purpose["unsettled"] = parts_.purse.unsettled_usd();
  }

  void fail(const Error& error) {
    session_.status = SessionStatus::failed;
    session_.error_code = to_string(error.kind);
    session_.error = error.message;
    session_.error_hint = error.kind == ErrorKind::cancelled ? way_on() : error.hint;
  }

  std::string way_on() const {
    return session_.plan_path.empty()
               ? "it had no plan yet: start a new one with 'jarvis learning run'"
               : "go on with it: 'jarvis learning resume " + session_.id + "'";
  }

  void finish() {
    take_execution();
    count_costs();
    session_.ended_at = iso8601(parts_.clock.now());
    if (const auto head = parts_.checkpoint.head()) session_.git_post = *head;
    if (session_.status == SessionStatus::failed) return;
    const bool waits = std::any_of(
        session_.outcomes.begin(), session_.outcomes.end(),
        [](const auto& outcome) { return outcome.status == EditStatus::pending_review; });
    session_.status = waits ? SessionStatus::awaiting_review : SessionStatus::completed;
  }

  const SessionParts& parts_;
  Session session_;
  std::unique_ptr<SessionFiles> files_;
  std::unique_ptr<StepLog> steps_;
  Execution execution_;
};

}  // namespace

Result<Session> run_session(const SessionParts& parts, const std::string& id, Autonomy autonomy,
                            const Trigger& trigger) {
  return SessionRun(parts, id, autonomy, trigger).run();
}

bool is_interrupted(const Session& session) {
  // OpenJarvis writes absolute paths; its sessions are its own business.
  const bool has_plan = !session.plan_path.empty() && session.plan_path.front() != '/';
  return has_plan && session.status != SessionStatus::completed &&
         session.status != SessionStatus::awaiting_review &&
         session.status != SessionStatus::rolled_back;
}

Result<Session> resume_session(const SessionParts& parts, const Session& interrupted) {
  if (interrupted.plan_path.empty())
    return Error{ErrorKind::refused,
                 "session '" + interrupted.id +
                     "' ended before it had a plan: there is nothing to "
                     "go on with",
                 "start a new one with 'jarvis learning run'"};
  if (!is_interrupted(interrupted))
    return Error{ErrorKind::refused, "session '" + interrupted.id + "' came to its end", ""};
  return SessionRun(parts, interrupted).resume();
}

}  // namespace jarvis
