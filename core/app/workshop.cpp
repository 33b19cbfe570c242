#include "core/app/workshop.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "config/embedded.hpp"
#include "core/app/checked_in.hpp"
#include "core/app/holding.hpp"
#include "core/app/interrupt.hpp"
#include "core/app/roles.hpp"
#include "core/base/atomic_file.hpp"
#include "core/benchmark/flagged.hpp"
#include "core/benchmark/store.hpp"
#include "core/home/checkpoint/git_differ.hpp"
#include "core/home/evaluations/evaluation_database.hpp"
#include "core/home/live_home.hpp"
#include "core/home/paths.hpp"
#include "core/home/staging/home_stager.hpp"
#include "core/home/student_tools.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "core/host/plugin_judge.hpp"
#include "core/host/plugin_student.hpp"
#include "core/host/plugin_teacher.hpp"
#include "core/host/toolbox.hpp"
#include "core/privacy/eligible_traces.hpp"
#include "core/privacy/privacy_policy.hpp"
#include "core/session/record/history.hpp"

namespace jarvis {

namespace {

std::string prompt(const std::string& name) {
  return std::string(embedded_file("prompts/" + name + ".md"));
}

Error not_local(const std::string& who, const std::string& address) {
  return {ErrorKind::refused,
          "--local refuses the " + who + ": '" + address + "' is not on this machine's network",
          "use a model that is served here, or leave --local out"};
}

constexpr char kStopping[] = "stopping: the calls at work end first; Ctrl-C again stops at once";

std::string stopping(const std::string& session) {
  return std::string(kStopping) + "\nthen go on with it: jarvis learning resume " + session;
}

}  // namespace

/** The judge asks an engine, unless its plugin needs none. */
struct JudgeChoice {
  Offer offer;
  std::optional<EngineSeat> seat;
  std::string identity;
};

struct Workshop::Parts {
  Parts(Application& app, HomeLock taken, const TraceReader& traces)
      : application(app),
        lock(std::move(taken)),
        settings(*app.settings()),
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

  std::string student_identity() const {
    const auto runner = plugins->find(JARVIS_STUDENT_RUNNER_1, settings->student.engine);
    std::string identity = runner
                               ? runner->plugin->manifest.id + " " + runner->plugin->manifest.sha256
                               : settings->student.engine;
    for (const std::string& word : settings->student_command) identity += " " + word;
    return identity;
  }

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

  Result<void> choose_engines() {
    auto seat = EngineSeat::make(*plugins, http, teacher_settings(*settings));
    if (!seat) return seat.error();
    teacher = std::move(*seat);
    return choose_judge();
  }

  Result<void> choose_judge() {
    const auto role = judge_role(*plugins, *settings);
    if (!role) return role.error();
    judge = {role->offer, std::nullopt, role->identity()};
    if (!role->engine) return {};
    auto seat = EngineSeat::make(*plugins, http, *role->engine);
    if (!seat) return seat.error();
    judge.seat = std::move(*seat);
    return {};
  }

  Result<void> require_local(PluginStudent& student) const {
    if (!teacher->is_local()) return not_local("teacher", teacher->base_url());
    if (judge.seat && !judge.seat->is_local()) return not_local("judge", judge.seat->base_url());
    if (!student.is_local())
      return not_local(
          "student",
          (settings->student.base_urls.empty() ? "" : settings->student.base_urls.front()));
    return {};
  }

  /** The user asks for a trace that may not leave: said before anything is paid. */
  Result<void> require_eligible(const Trigger& trigger) const {
    for (const std::string& id : trigger.trace_ids)
      if (const auto trace = eligible_traces.get(id); !trace) return trace.error();
    return {};
  }

  Benchmark eligible(Benchmark present) const {
    return eligibility.eligible(std::move(present), all_traces);
  }
};

Workshop::Workshop(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Workshop::~Workshop() = default;

Result<std::unique_ptr<Workshop>> Workshop::open(Application& application,
                                                 const WorkOptions& options) {
  if (auto enabled = application.require_enabled(); !enabled) return enabled.error();
  for (const std::string& tool : options.allowed_tools)
    if (tool.empty() || tool == "*")
      return Error{ErrorKind::usage, "'" + tool + "' is not the name of a tool",
                   "name each tool by itself: --allow-side-effects send_mail"};
  auto lock = hold_home(application, options.command);
  if (!lock) return lock.error();
  // Also where all seems to be there: a repository of the user's own must be refused before any
  // work.
  const auto made_now = application.initialise();
  if (!made_now) return made_now.error();
  application.log_to_file();

  const auto traces = application.traces();
  if (!traces) return traces.error();
  auto parts = std::make_unique<Parts>(application, std::move(*lock), **traces);
  parts->command = options.command;
  parts->cap_usd = options.max_cost_usd.value_or(parts->settings->max_cost_per_session_usd);
  const auto plugins = application.plugins();
  if (!plugins) return plugins.error();
  parts->plugins = *plugins;
  const auto catalogue = application.catalogue();
  if (!catalogue) return catalogue.error();
  parts->catalogue = *catalogue;
  parts->checkpoint = &application.checkpoint();
  auto secrets = secret_config_values(application.home());
  if (!secrets) return secrets.error();
  const PrivacySettings& private_settings = parts->settings->privacy;
  auto policy = PrivacyPolicy::make(
      {private_settings.redact, private_settings.extra_patterns, std::move(*secrets)},
      application.home());
  if (!policy) return policy.error();
  parts->privacy = std::move(*policy);
  auto config = redacted_config(application.home());
  if (!config) return config.error();
  parts->config = std::move(*config);
  const auto runner =
      parts->plugins->find(JARVIS_STUDENT_RUNNER_1, parts->settings->student.engine);
  if (!runner) return runner.error();
  auto tools = student_tools(application.home(), runner->provided->tools);
  if (!tools) return tools.error();
  parts->tools = std::move(*tools);
  auto ledger = Ledger::open(application.home_path() / kLedgerFile);
  if (!ledger) return ledger.error();
  parts->ledger = std::move(*ledger);
  auto evaluations =
      EvaluationDatabase::open(application.home_path() / kEvaluationsDatabase, application.clock());
  if (!evaluations) return evaluations.error();
  parts->evaluations = std::move(*evaluations);
  parts->local_only = options.local_only;
  parts->allowed_tools = options.allowed_tools;
  if (const auto removed = remove_leftover_stages(application.home_path());
      removed && !removed->empty())
    spdlog::info("removed {} leftover scratch homes", removed->size());

  // A plugin's process is confined to this folder: it must be there before one starts.
  if (auto made = make_private_directory(application.home_path() / kStagingFolder); !made)
    return made.error();

  std::unique_ptr<Workshop> workshop(new Workshop(std::move(parts)));
  if (*made_now)
    workshop->notice_ =
        "Made " + application.home_path().string() + "/learning and the checkpoint repository.";
  return workshop;
}

Result<void> Workshop::require_engines() {
  if (auto chosen = parts_->choose_engines(); !chosen) return chosen;
  if (!parts_->local_only) return {};
  const auto crew = parts_->crew(parts_->command, 0);
  if (!crew) return crew.error();
  return parts_->require_local(*(*crew)->student);
}

Result<void> Workshop::check_in_changes() {
  if (parts_->application.config_changed()) return working_tree_dirty({kConfigFile});
  const auto done = parts_->checkpoint->check_in();
  if (!done) return done.error();
  if (done->commit.empty()) return {};
  parts_->notices.push_back(notice_of(*done));
  spdlog::info("{}", parts_->notices.back());
  parts_->application.progress().step(parts_->notices.back());
  return {};
}

Result<void> Workshop::require_traces() {
  TraceFilter enough;
  enough.limit = parts_->settings->min_traces;
  const auto found = parts_->eligible_traces.list(enough);
  if (!found) return found.error();
  const auto count = static_cast<int>(found->size());
  if (count >= parts_->settings->min_traces) return {};
  return Error{
      ErrorKind::not_ready,
      "Not enough traces yet: " + std::to_string(count) + " of " +
          std::to_string(parts_->settings->min_traces),
      "use the assistant more and rate its answers; see 'jarvis ask' and 'jarvis traces import'"};
}

Result<void> Workshop::require_student() {
  const auto crew = parts_->crew(parts_->command, 0);
  if (!crew) return crew.error();
  auto models = (*crew)->student->probe(parts_->application.home());
  if (!models) return models.error();
  parts_->models = std::move(*models);
  return {};
}

Result<Refresh> Workshop::refresh(bool ask_unsure_again) {
  const double cap = parts_->settings->benchmark.max_synthesis_cost_usd_per_refresh;
  const auto crew = parts_->crew("benchmark-" + iso8601(parts_->application.clock().now()), cap);
  if (!crew) return crew.error();
  (*crew)->purse.allow(SpendingStep::execute);
  const BenchmarkStore store(parts_->application.home_path() / kBenchmarksFolder);
  const InterruptAnswer answer(kStopping);
  auto refreshed = refresh_benchmark(
      {parts_->eligible_traces, (*crew)->teacher, (*crew)->judge, parts_->application.clock(),
       store, mining_rule(*parts_->settings), parts_->settings->gate.concurrency, &(*crew)->purse,
       &parts_->application.progress(), interrupted, ask_unsure_again});
  if (refreshed) parts_->benchmark = parts_->eligible(refreshed->benchmark);
  return refreshed;
}

Result<JudgeNoise> Workshop::judge_noise() {
  if (auto chosen = parts_->choose_judge(); !chosen) return chosen.error();
  const BenchmarkStore store(parts_->application.home_path() / kBenchmarksFolder);
  const auto newest = store.newest();
  if (!newest) return newest.error();
  if (!*newest) return JudgeNoise();
  const std::string id = "power-" + iso8601(parts_->application.clock().now());
  const auto pair = parts_->crew<Parts::Pair>(id, parts_->cap_usd);
  if (!pair) return pair.error();
  Parts::Pair& workers = **pair;
  workers.purse.allow(SpendingStep::execute);
  const InterruptAnswer answer(kStopping);
  Turns turns;
  RecordedCalls calls({*workers.student, workers.judge, *parts_->evaluations, interrupted, id,
                       parts_->student_identity(), parts_->judge.identity},
                      turns);
  return measure_judge_noise(
      parts_->eligible((*newest)->benchmark),
      {parts_->eligible_traces, *parts_->evaluations, parts_->judge.identity,
       mining_rule(*parts_->settings), &calls, parts_->settings->gate.concurrency, &workers.purse,
       &parts_->application.progress()});
}

Result<Evaluated> Workshop::evaluate(const Evaluating& wanted) {
  const std::string id = "evaluate-" + iso8601(parts_->application.clock().now());
  const auto pair = parts_->crew<Parts::Pair>(id, parts_->cap_usd);
  if (!pair) return pair.error();
  Parts::Pair& workers = **pair;
  workers.purse.allow(SpendingStep::execute);
  const std::filesystem::path store = parts_->application.home_path() / kTracesFile;
  const InterruptAnswer answer(kStopping);
  auto evaluated = rate_unrated(
      {parts_->eligible_traces, workers.judge,
       [&](const std::string& trace, double score) { return rate_as_judge(store, trace, score); },
       parts_->settings->gate.concurrency, interrupted},
      wanted);
  if (evaluated) evaluated->cost_usd = workers.purse.spent_usd();
  return evaluated;
}

Result<const Benchmark*> Workshop::benchmark(const Trigger& trigger) {
  if (auto allowed = parts_->require_eligible(trigger); !allowed) return allowed.error();
  const BenchmarkStore store(parts_->application.home_path() / kBenchmarksFolder);
  auto newest = store.newest();
  if (!newest) return newest.error();
  const auto wants_refresh =
      remember_flagged(store, trigger.trace_ids, parts_->eligible_traces,
                       newest->has_value() ? &(*newest)->benchmark : nullptr);
  if (!wants_refresh) return wants_refresh.error();
  if (*newest && !*wants_refresh) {
    parts_->benchmark = parts_->eligible(std::move((*newest)->benchmark));
    return static_cast<const Benchmark*>(&*parts_->benchmark);
  }
  const auto refreshed = refresh();
  if (refreshed) return static_cast<const Benchmark*>(&*parts_->benchmark);
  if (refreshed.error().kind == ErrorKind::not_ready) return static_cast<const Benchmark*>(nullptr);
  return refreshed.error();
}

Result<Session> Workshop::run_session(Autonomy autonomy, const Trigger& trigger,
                                      const Benchmark* benchmark) {
  const std::string id = new_session_id(parts_->application.clock().now());
  const auto crew = parts_->crew(id, parts_->cap_usd);
  if (!crew) return crew.error();
  HomeStager stager(parts_->application.home_path());
  PluginToolbox toolbox(*parts_->plugins);
  const InterruptAnswer answer(stopping(id));
  return jarvis::run_session(parts_->session_parts(**crew, stager, toolbox, benchmark), id,
                             autonomy, trigger);
}

Result<Session> Workshop::resume(const Session& interrupted) {
  std::optional<BenchmarkFile> file;
  if (!interrupted.benchmark_version.empty()) {
    const BenchmarkStore store(parts_->application.home_path() / kBenchmarksFolder);
    auto loaded = store.load(interrupted.benchmark_version);
    if (!loaded) return loaded.error();
    file = std::move(*loaded);
  }
  const auto so_far = parts_->ledger->totals(interrupted.id);
  if (!so_far) return so_far.error();
  const auto crew = parts_->crew(interrupted.id, parts_->cap_usd, *so_far);
  if (!crew) return crew.error();
  HomeStager stager(parts_->application.home_path());
  PluginToolbox toolbox(*parts_->plugins);
  const InterruptAnswer answer(stopping(interrupted.id));
  return resume_session(
      parts_->session_parts(**crew, stager, toolbox, file ? &file->benchmark : nullptr),
      interrupted);
}

Result<EditOutcome> Workshop::approve(const QueuedEdit& queued) {
  const BenchmarkStore store(parts_->application.home_path() / kBenchmarksFolder);
  const auto newest = store.newest();
  if (!newest) return newest.error();
  if (!*newest)
    return Error{ErrorKind::not_ready, "Personal benchmark is empty: the edit stays in the queue",
                 "rate 10 or more answers with 0.7 or better"};
  if (auto chosen = require_engines(); !chosen) return chosen.error();
  if (auto reached = require_student(); !reached) return reached.error();
  if (auto clean = check_in_changes(); !clean) return clean.error();
  const auto crew = parts_->crew(queued.session_id, parts_->cap_usd);
  if (!crew) return crew.error();
  HomeStager stager(parts_->application.home_path());
  PluginToolbox toolbox(*parts_->plugins);
  const Benchmark benchmark = parts_->eligible((*newest)->benchmark);
  const InterruptAnswer answer(
      "stopping: the calls at work end first, the edit stays in the queue");
  return approve_edit(parts_->session_parts(**crew, stager, toolbox, &benchmark), queued);
}

Result<json::object> Workshop::preview(const Trigger& trigger) {
  if (auto allowed = parts_->require_eligible(trigger); !allowed) return allowed.error();
  const BenchmarkStore store(parts_->application.home_path() / kBenchmarksFolder);
  const auto newest = store.newest();
  if (!newest) return newest.error();
  TraceFilter all;
  all.limit = -1;
  const auto traces = parts_->eligible_traces.list(all);
  if (!traces) return traces.error();
  json::array eligible;
  for (const Trace& trace : *traces) eligible.push_back(json::value(trace.id));
  // Nothing is sent, so that no key is needed.
  const RoleSettings& teacher = parts_->settings->teacher;
  const auto engine = teacher.engine.empty()
                          ? engine_for_model(*parts_->plugins, teacher.model)
                          : parts_->plugins->find(JARVIS_TEACHER_ENGINE_1, teacher.engine);
  if (!engine) return engine.error();
  sdk::GenerateRequest request =
      first_request({prompt("diagnose"), "", "", ""}, PluginToolbox(*parts_->plugins),
                    *newest ? &(*newest)->benchmark : nullptr, trigger,
                    parts_->settings->max_tool_calls_per_diagnosis);
  request.model = teacher.model;
  request.base_url =
      teacher.base_urls.empty() ? engine->provided->base_url : teacher.base_urls.front();
  const auto redactor = parts_->privacy->session();
  Privacy& privacy = redactor ? *redactor : no_privacy();
  return json::object{
      {"sent", false},
      {"engine", engine->provided->id},
      {"request", sdk::to_json(redacted(std::move(request), privacy))},
      {"eligible",
       {{"config", privacy.redact_document(parts_->config)}, {"trace_ids", std::move(eligible)}}}};
}

}  // namespace jarvis
