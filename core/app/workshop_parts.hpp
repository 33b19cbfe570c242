#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/app/interrupt.hpp"
#include "core/app/roles.hpp"
#include "core/app/workshop.hpp"
#include "core/home/checkpoint/git_differ.hpp"
#include "core/home/evaluations/evaluation_database.hpp"
#include "core/home/live_home.hpp"
#include "core/home/staging/home_stager.hpp"
#include "core/host/plugin_judge.hpp"
#include "core/host/plugin_student.hpp"
#include "core/host/plugin_teacher.hpp"
#include "core/host/toolbox.hpp"
#include "core/privacy/eligible_traces.hpp"
#include "core/privacy/privacy_policy.hpp"

namespace jarvis {

/** What Ctrl-C is answered with. */
constexpr char kStopping[] = "stopping: the calls at work end first; Ctrl-C again stops at once";

/** A text of config/prompts. */
std::string prompt(const std::string& name);

/** The judge asks an engine, unless its plugin needs none. */
struct JudgeChoice {
  Offer offer;
  std::optional<EngineSeat> seat;
  std::string identity;
};

struct Workshop::Parts {
  Parts(Application& app, HomeLock taken, const Settings& chosen, const TraceReader& traces)
      : application(app),
        lock(std::move(taken)),
        settings(&chosen),
        eligibility(settings->privacy.exclude_agents),
        all_traces(traces),
        eligible_traces(traces, eligibility) {}

  Application& application;
  HomeLock lock;
  const Settings* settings;
  const Eligibility eligibility;
  const TraceReader& all_traces;
  const EligibleTraces eligible_traces;  ///< all that anybody here sees
  std::optional<PrivacyPolicy> privacy;
  PluginHost* plugins = nullptr;
  Registry* catalogue = nullptr;
  GitCheckpoint* checkpoint = nullptr;
  double cap_usd = 0;
  bool local_only = false;
  std::vector<std::string> allowed_tools;
  std::string command;
  HttpService http;
  std::optional<EngineSeat> teacher;
  JudgeChoice judge;
  std::optional<Ledger> ledger;
  std::unique_ptr<EvaluationDatabase> evaluations;
  std::optional<Benchmark> benchmark;
  GitDiffer differ;
  json::object config;
  std::vector<sdk::ToolDefinition> tools;  ///< the student's
  std::vector<std::string> models;         ///< what the student's server offers
  std::vector<std::string> notices;        ///< for the record of the session

  std::string student_identity() const;

  /** Student and judge, and the purse that pays them. */
  struct Pair {
    Pair(Parts& parts, const std::string& session, double cap, const LedgerTotals& so_far)
        : purse(*parts.ledger, session, cap, so_far),
          redactor(parts.privacy->session()),
          privacy(redactor ? *redactor : no_privacy()),
          judge(*parts.plugins, parts.judge.offer, parts.judge.seat, purse, interrupted, privacy) {}
    SessionPurse purse;
    std::unique_ptr<Privacy> redactor;
    Privacy& privacy;
    PluginJudge judge;
    std::unique_ptr<PluginStudent> student;
  };

  /** Who works in one session, one approval or one refresh. */
  struct Crew : Pair {
    Crew(Parts& parts, const std::string& session, double cap, const LedgerTotals& so_far)
        : Pair(parts, session, cap, so_far), teacher(*parts.teacher, purse, interrupted, privacy) {}
    PluginTeacher teacher;
  };

  template <class Workers = Crew>
  Result<std::unique_ptr<Workers>> crew(const std::string& session, double cap,
                                        const LedgerTotals& so_far = {}) {
    auto made = std::make_unique<Workers>(*this, session, cap, so_far);
    const auto wanted = student_settings(*settings, application.home());
    if (!wanted) return wanted.error();
    auto student = PluginStudent::make(*plugins, http, *wanted, made->purse, interrupted);
    if (!student) return student.error();
    made->student = std::move(*student);
    return made;
  }

  SessionParts session_parts(Crew& crew, HomeStager& stager, PluginToolbox& toolbox,
                             const Benchmark* used_benchmark);

  Result<void> choose_engines();

  Result<void> choose_judge();

  Result<void> require_local(PluginStudent& student) const;

  /** The user asks for a trace that may not leave: said before anything is paid. */
  Result<void> require_eligible(const Trigger& trigger) const;

  Benchmark eligible(Benchmark present) const;
};

}  // namespace jarvis
