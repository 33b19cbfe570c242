#include "core/app/roles.hpp"

#include <spdlog/spdlog.h>

#include <cstdlib>

#include "core/home/mcp_servers.hpp"
#include "core/host/plugin_judge.hpp"

namespace jarvis {

namespace {

std::string first_or_empty(const std::vector<std::string>& texts) {
  return texts.empty() ? "" : texts.front();
}

EngineSettings engine_settings(const RoleSettings& role, const std::string& section) {
  return {section,          role.engine,
          role.model,       first_or_empty(role.base_urls),
          role.api_key_env, role.timeout_seconds,
          role.max_retries, {role.input_price_per_mtok, role.output_price_per_mtok}};
}

/** What OpenJarvis' users have set for their engine: a plugin has no environment of its own. */
json::object student_environment() {
  json::object environment;
  for (const char* name : {"OLLAMA_HOST", "JARVIS_NUM_CTX"})
    if (const char* value = std::getenv(name)) environment[name] = value;
  return environment;
}

}  // namespace

EngineSettings teacher_settings(const Settings& settings) {
  EngineSettings teacher = engine_settings(settings.teacher, "learning.distillation.teacher");
  teacher.context_tokens = settings.teacher.context_tokens;
  return teacher;
}

EngineSettings judge_settings(const Settings& settings) {
  const RoleSettings& judge = settings.judge;
  if (judge.engine.empty() && judge.model.empty() && judge.base_urls.empty())
    return teacher_settings(settings);
  EngineSettings merged = engine_settings(judge, "learning.distillation.judge");
  if (merged.model.empty()) merged.model = settings.teacher.model;
  if (merged.engine.empty() && judge.model.empty()) merged.engine = settings.teacher.engine;
  return merged;
}

Result<StudentSettings> student_settings(const Settings& settings, const HomeView& home) {
  const RoleSettings& student = settings.student;
  auto served = mcp_servers(home);
  if (!served) return served.error();
  for (const std::string& what : served->passed_over) spdlog::info(what);
  return StudentSettings{"learning.distillation.student",
                         student.engine,
                         student.base_urls,
                         student.api_key_env,
                         student.timeout_seconds,
                         student.max_retries,
                         {student.input_price_per_mtok, student.output_price_per_mtok},
                         {{"dialect", settings.student_dialect},
                          {"command", json::value_from(settings.student_command)},
                          {"network", settings.student_network},
                          {"read_root", settings.student_read_root},
                          {"timeout_seconds", student.timeout_seconds},
                          {"live_home", home.root().string()},
                          {"environment", student_environment()}},
                         std::move(served->servers)};
}

std::string JudgeRole::identity() const {
  return offer.plugin->manifest.id + " " + offer.plugin->manifest.sha256 +
         (engine ? " " + engine->model : "");
}

Result<JudgeRole> judge_role(const PluginHost& plugins, const Settings& settings) {
  EngineSettings wanted = judge_settings(settings);
  std::string engine = wanted.engine;
  if (engine.empty()) {
    const auto found = engine_for_model(plugins, wanted.model);
    if (!found) return found.error();
    engine = found->provided->id;
  }
  const auto offer = judge_for_engine(plugins, engine);
  if (!offer) return offer.error();
  if (offer->provided->id == engine) return JudgeRole{*offer, std::nullopt};
  return JudgeRole{*offer, std::move(wanted)};
}

MiningRule mining_rule(const Settings& settings) {
  MiningRule rule;
  rule.liked_at_least = settings.benchmark.synthesis_feedback_threshold;
  rule.failed_at_most = settings.triggers.cluster_failure_threshold;
  rule.include_failures = settings.benchmark.include_failures;
  rule.max_tasks = static_cast<std::size_t>(settings.benchmark.max_benchmark_size);
  rule.holdout_share = settings.benchmark.holdout_share;
  rule.exclude_agents = settings.privacy.exclude_agents;
  return rule;
}

}  // namespace jarvis
