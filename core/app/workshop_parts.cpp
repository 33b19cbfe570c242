#include "core/app/workshop_parts.hpp"

#include "config/embedded.hpp"
#include "core/session/record/history.hpp"

namespace jarvis {

namespace {

Error not_local(const std::string& who, const std::string& address) {
  return {ErrorKind::refused,
          "--local refuses the " + who + ": '" + address + "' is not on this machine's network",
          "use a model that is served here, or leave --local out"};
}

}  // namespace

std::string prompt(const std::string& name) {
  return std::string(embedded_file("prompts/" + name + ".md"));
}

std::string Workshop::Parts::student_identity() const {
  const auto runner = plugins->find(JARVIS_STUDENT_RUNNER_1, settings->student.engine);
  std::string identity = runner
                             ? runner->plugin->manifest.id + " " + runner->plugin->manifest.sha256
                             : settings->student.engine;
  for (const std::string& word : settings->student_command) identity += " " + word;
  return identity;
}

SessionParts Workshop::Parts::session_parts(Crew& crew, HomeStager& stager, PluginToolbox& toolbox,
                                            const Benchmark* used_benchmark) {
  return {application.home(),
          eligible_traces,
          used_benchmark,
          *evaluations,
          crew.teacher,
          *crew.student,
          crew.judge,
          toolbox,
          crew.purse,
          stager,
          *checkpoint,
          *catalogue,
          differ,
          application.recorder(),
          application.progress(),
          application.clock(),
          {prompt("diagnose"), prompt("conclude"), prompt("clusters_again"), prompt("run_self")},
          {prompt("plan"), prompt("plan_again")},
          config,
          tools,
          {settings->gate.min_improvement, settings->gate.max_regression,
           settings->gate.noise_confidence},
          {settings->gate.benchmark_subsample_size, settings->gate.full_benchmark},
          settings->gate.concurrency,
          settings->max_tool_calls_per_diagnosis,
          settings->benchmark.synthesis_feedback_threshold,
          interrupted,
          models,
          past_trials(application.recorder().sessions()),
          judge.identity,
          student_identity(),
          crew.privacy,
          allowed_tools,
          notices};
}

Result<void> Workshop::Parts::choose_engines() {
  auto seat = EngineSeat::make(*plugins, http, teacher_settings(*settings));
  if (!seat) return seat.error();
  teacher = std::move(*seat);
  return choose_judge();
}

Result<void> Workshop::Parts::choose_judge() {
  const auto role = judge_role(*plugins, *settings);
  if (!role) return role.error();
  judge = {role->offer, std::nullopt, role->identity()};
  if (!role->engine) return {};
  auto seat = EngineSeat::make(*plugins, http, *role->engine);
  if (!seat) return seat.error();
  judge.seat = std::move(*seat);
  return {};
}

Result<void> Workshop::Parts::require_local(PluginStudent& student) const {
  if (!teacher->is_local()) return not_local("teacher", teacher->base_url());
  if (judge.seat && !judge.seat->is_local()) return not_local("judge", judge.seat->base_url());
  if (!student.is_local())
    return not_local(
        "student",
        (settings->student.base_urls.empty() ? "" : settings->student.base_urls.front()));
  return {};
}

Result<void> Workshop::Parts::require_eligible(const Trigger& trigger) const {
  for (const std::string& id : trigger.trace_ids)
    if (const auto trace = eligible_traces.get(id); !trace) return trace.error();
  return {};
}

Benchmark Workshop::Parts::eligible(Benchmark present) const {
  return eligibility.eligible(std::move(present), all_traces);
}

}  // namespace jarvis
