#include <cmath>
#include <cstdio>
#include <filesystem>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/roles.hpp"
#include "core/app/workshop.hpp"
#include "core/benchmark/store.hpp"
#include "core/home/evaluations/evaluation_database.hpp"
#include "core/home/paths.hpp"
#include "core/insight/benchmark_power.hpp"
#include "core/privacy/eligible_traces.hpp"

namespace jarvis {

namespace {

constexpr double kMostAgainstItself = 0.1;
constexpr double kMostAgainstUser = 0.25;

json::object power_document(const GatePower& power) {
  return {
      {"detectable_gain", power.detectable ? json::value(*power.detectable) : json::value(nullptr)},
      {"candidate_runs", std::round(power.runs_at_detectable)},
      {"candidate_runs_without_gain", std::round(power.runs_at_nothing)}};
}

void print_power(const std::string& label, const GatePower& power, const Output& output) {
  const std::string runs = std::to_string(static_cast<int>(std::lround(power.runs_at_detectable)));
  const std::string nothing = std::to_string(static_cast<int>(std::lround(power.runs_at_nothing)));
  output.line("  " + label +
              (power.detectable
                   ? points(*power.detectable) + " points with 80 %, in about " + runs + " runs"
                   : std::string("no gain is seen with 80 %")) +
              "; an edit that does nothing costs about " + nothing + " runs");
}

/** What the ledger holds of the judge. Asks nobody and needs neither lock nor key. */
Result<JudgeNoise> known_judge_noise(Application& application, const Benchmark& benchmark) {
  const auto file = application.home_path() / kEvaluationsDatabase;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return JudgeNoise();
  const auto loaded = application.settings();
  if (!loaded) return loaded.error();
  const Settings& settings = **loaded;
  const auto plugins = application.plugins();
  if (!plugins) return plugins.error();
  const auto judge = judge_role(**plugins, settings);
  if (!judge) return judge.error();
  const auto traces = application.traces();
  if (!traces) return traces.error();
  const auto ledger = EvaluationDatabase::open(file, application.clock());
  if (!ledger) return ledger.error();
  const Eligibility eligibility(settings.privacy.exclude_agents);
  const EligibleTraces eligible_traces(**traces, eligibility);
  return measure_judge_noise(eligibility.eligible(benchmark, **traces),
                             {eligible_traces, **ledger, judge->identity(), mining_rule(settings)});
}

Result<JudgeNoise> asked_judge_noise(Application& application) {
  const auto workshop =
      Workshop::open(application, {"learning benchmark power", std::nullopt, false});
  if (!workshop) return workshop.error();
  return (*workshop)->judge_noise();
}

struct JudgeReport {
  JudgeNoise noise;
  std::string note;  ///< why it is not all that could be known; empty when it is
};

std::string with_hint(const Error& error) {
  return error.message + (error.hint.empty() ? "" : " (" + error.hint + ")");
}

JudgeReport judge_report(Application& application, const Benchmark& benchmark, bool may_call) {
  JudgeReport report;
  if (may_call) {
    const auto asked = asked_judge_noise(application);
    if (asked) {
      report.noise = *asked;
      if (asked->failure)
        report.note = "answers without a judgement: " + std::to_string(asked->missing) + "; " +
                      with_hint(*asked->failure);
      return report;
    }
    report.note = "the judge was not asked: " + with_hint(asked.error());
  } else {
    report.note = "the judge was not asked: --no-calls";
  }
  const auto known = known_judge_noise(application, benchmark);
  if (known)
    report.noise = *known;
  else if (!may_call)
    report.note = "what is known of the judge cannot be read: " + with_hint(known.error());
  return report;
}

json::object judge_document(const JudgeReport& report) {
  const JudgeNoise::WithItself& itself = report.noise.with_itself;
  const JudgeNoise::WithUser& user = report.noise.with_user;
  return {{"with_itself",
           {{"asked", itself.asked},
            {"disagree", itself.disagree},
            {"mean_difference", itself.mean_difference}}},
          {"with_user", {{"asked", user.asked}, {"disagree", user.disagree}}},
          {"calls", report.noise.calls},
          {"cost_usd", report.noise.cost_usd},
          {"note", report.note.empty() ? json::value(nullptr) : json::value(report.note)}};
}

std::string share(int disagree, int asked) {
  return std::to_string(disagree) + " of " + std::to_string(asked);
}

void print_judge(const JudgeReport& report, const Output& output) {
  const JudgeNoise::WithItself& itself = report.noise.with_itself;
  const JudgeNoise::WithUser& user = report.noise.with_user;
  char apart[32];
  std::snprintf(apart, sizeof apart, "%.2f", itself.mean_difference);
  output.line("  judge   " + (itself.asked == 0 ? std::string("has judged no answer twice")
                                                : "disagrees with itself on " +
                                                      share(itself.disagree, itself.asked) +
                                                      " answers (scores " + apart + " apart)"));
  output.line("          " + (user.asked == 0 ? std::string("has judged no answer that you rated")
                                              : "disagrees with your ratings on " +
                                                    share(user.disagree, user.asked) + " answers"));
  if (!report.note.empty()) output.line("  note    " + report.note);
  if (report.noise.calls > 0)
    output.line("  spent   " + dollars(report.noise.cost_usd) + " on " +
                std::to_string(report.noise.calls) + " calls to the judge");
}

bool is_noisy(const JudgeNoise& noise) {
  return noise.with_itself.disagree > kMostAgainstItself * noise.with_itself.asked ||
         noise.with_user.disagree > kMostAgainstUser * noise.with_user.asked;
}

}  // namespace

Result<int> learning_benchmark_power(Application& application, const Arguments& arguments,
                                     Output& output) {
  const auto settings = application.settings();
  if (!settings) return settings.error();
  const auto newest = BenchmarkStore(application.home_path() / kBenchmarksFolder).newest();
  if (!newest) return newest.error();
  if (!*newest)
    return Error{ErrorKind::not_ready, "Personal benchmark is empty",
                 "rate 10 or more answers with 0.7 or better"};
  const Benchmark& benchmark = (*newest)->benchmark;
  const BenchmarkPower power = benchmark_power(
      benchmark, (*settings)->gate, newest_seen_noise(application.recorder().sessions()));
  const JudgeReport judge = judge_report(application, benchmark, !arguments.has("--no-calls"));
  output.document(
      {{"version", benchmark.version},
       {"held_out_tasks", power.held_out},
       {"tasks", power.tasks},
       {"noise", {{"run_variance", power.run_variance}, {"source", power.noise_source}}},
       {"one_edit", power_document(power.one_edit)},
       {"each_of_five_edits", power_document(power.each_of_five)},
       {"judge", judge_document(judge)}});
  output.heading("What " + benchmark.version + " can see");
  output.line("  tasks   " + std::to_string(power.tasks) + " of " + std::to_string(power.held_out) +
              " held-out tasks decide in a session");
  output.line("  noise   " + power.noise_source);
  print_power("one edit in a session: ", power.one_edit, output);
  print_power("each of five edits:    ", power.each_of_five, output);
  print_judge(judge, output);
  if (power.tasks < power.held_out)
    output.line(
        "More tasks see more than more runs: raise benchmark_subsample_size, or set "
        "full_benchmark, in [learning.distillation.gate].");
  if (is_noisy(judge.noise))
    output.line(
        "Such a judge adds noise to every verdict: name a stronger model in "
        "[learning.distillation.judge].");
  return 0;
}

}  // namespace jarvis
