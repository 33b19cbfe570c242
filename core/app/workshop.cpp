#include "core/app/workshop.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/app/checked_in.hpp"
#include "core/app/holding.hpp"
#include "core/app/workshop_parts.hpp"
#include "core/base/atomic_file.hpp"
#include "core/benchmark/store.hpp"
#include "core/home/paths.hpp"
#include "core/home/student_tools.hpp"

namespace jarvis {

namespace {

std::string stopping(const std::string& session) {
  return std::string(kStopping) + "\nthen go on with it: jarvis learning resume " + session;
}

}  // namespace

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

  const auto settings = application.settings();
  if (!settings) return settings.error();
  const auto traces = application.traces();
  if (!traces) return traces.error();
  auto parts = std::make_unique<Parts>(application, std::move(*lock), **settings, **traces);
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
