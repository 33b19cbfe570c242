#include "core/app/roles.hpp"

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

StudentSettings student_settings(const Settings& settings) {
  const RoleSettings& student = settings.student;
  return {"learning.distillation.student",
          student.engine,
          student.base_urls,
          student.api_key_env,
          student.timeout_seconds,
          student.max_retries,
          {student.input_price_per_mtok, student.output_price_per_mtok}};
}

}  // namespace jarvis
