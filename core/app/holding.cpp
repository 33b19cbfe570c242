#include "core/app/holding.hpp"

#include <spdlog/spdlog.h>

#include "core/budget/ledger.hpp"
#include "core/home/evaluations/evaluation_repair.hpp"
#include "core/home/live_home.hpp"
#include "core/home/paths.hpp"
#include "core/session/recovery.hpp"

namespace jarvis {

namespace {

void say(const Application& application, const std::string& line) {
  spdlog::info("repaired: {}", line);
  application.progress().step("repaired: " + line);
}

std::string listed(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) text += (text.empty() ? "" : ", ") + path;
  return text;
}

void tell(const Application& application, const RecoveryReport& report) {
  const std::string commit = report.commit.substr(0, 8);
  if (!report.placed.empty())
    say(application, "put " + listed(report.placed) + " in place, as commit " + commit + " has it");
  if (!report.kept.empty())
    say(application, "left your changes to " + listed(report.kept) +
                         " alone; they are not what commit " + commit + " has");
  if (report.kind == RecoveryReport::Kind::dropped)
    say(application, "dropped commit " + commit + ", which had not taken effect");
}

Result<std::map<std::string, double>> costs_of(const Application& application,
                                               const std::string& session) {
  const auto ledger = Ledger::open(application.home_path() / kLedgerFile);
  if (!ledger) return ledger.error();
  const auto totals = ledger->totals(session);
  if (!totals) return totals.error();
  auto costs = totals->spent_by_purpose;
  if (totals->unsettled_usd > 0) costs["unsettled"] = totals->unsettled_usd;
  return costs;
}

Result<void> recover(Application& application) {
  const auto report = application.checkpoint().recover();
  if (!report) return report.error();
  tell(application, *report);
  const auto repairs = recover_sessions(
      {application.checkpoint(), application.recorder(), application.clock(), report->reverted,
       report->what, [&](const std::string& session) { return costs_of(application, session); }});
  if (!repairs) return repairs.error();
  for (const std::string& repair : *repairs) say(application, repair);
  if (auto known = application.checkpoint().reverts_recorded(); !known) return known.error();
  const auto evaluations = repair_evaluations(application.home_path() / kEvaluationsDatabase);
  if (!evaluations) return evaluations.error();
  if (!evaluations->empty()) say(application, *evaluations);
  return {};
}

}  // namespace

Result<HomeLock> hold_home(Application& application, const std::string& command) {
  if (auto there = application.require_home(); !there) return there.error();
  auto lock = HomeLock::take(application.home_path(), command);
  if (!lock) return lock;
  if (auto recovered = recover(application); !recovered) return recovered.error();
  // What was read before the home was held may be older than what was put in place since.
  if (application.config_changed()) application.forget_settings();
  return lock;
}

}  // namespace jarvis
