#include "plugins/rehearsal/home_settings.hpp"

#include <algorithm>
#include <cctype>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/student_home.hpp>

namespace jarvis::rehearsal {

namespace {

using text::StudentHome;
using text::StudentSettings;

constexpr double kTemperature = 0.7;
constexpr std::int64_t kMaxTokens = 1024;
constexpr std::int64_t kMaxTurns = 10;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/** Whether the student can tell from the description when to use the calculator. */
bool is_understood(const StudentSettings& student) {
  const auto description = student.descriptions.find("calculator");
  if (description == student.descriptions.end()) return true;
  const std::string words = lower(description->second);
  return words.find("arithmetic") != std::string::npos ||
         words.find("calculat") != std::string::npos || words.find("number") != std::string::npos;
}

bool has_calculator(const StudentSettings& student) {
  const auto& tools = student.tools;
  return std::find(tools.begin(), tools.end(), "calculator") != tools.end();
}

/** True when the exemplars show their steps, not answers alone. */
bool has_worked_examples(const StudentSettings& student) {
  const auto& exemplars = student.exemplars;
  return std::any_of(exemplars.begin(), exemplars.end(), [](const text::Exemplar& exemplar) {
    return exemplar.output.find('\n') != std::string::npos;
  });
}

Skill skill_of(const StudentHome& home, const StudentSettings& student) {
  Skill skill;
  skill.large = student.model == kLargeModel;
  skill.temperature = text::parameter_of(home, student, "temperature").value_or(kTemperature);
  skill.max_tokens = static_cast<long>(text::count_of(home, student, "max_tokens", kMaxTokens));
  skill.step_by_step = lower(student.system_prompt).find("step by step") != std::string::npos;
  skill.worked_examples = has_worked_examples(student);
  skill.orchestrates = student.agent_class == "orchestrator";
  skill.reasons_aloud = student.text_protocol;
  // A call of a tool takes a turn of its own.
  skill.calculator = has_calculator(student) && is_understood(student) &&
                     text::count_of(home, student, "max_turns", kMaxTurns) >= 2;
  return skill;
}

}  // namespace

HomeSettings read_settings(const sdk::StudentRequest& request) {
  const StudentHome home = text::read_student_home(request.home);
  StudentSettings student =
      text::student_settings(home, request.query_class, request.agent, kSmallModel);
  if (student.agent.empty())
    throw sdk::invalid("the agent's name is not valid: '" + request.agent + "'",
                       "use lower-case letters, digits, '_' and '-'");
  if (student.model != kSmallModel && student.model != kLargeModel)
    throw sdk::unavailable("the rehearsal student has no model '" + student.model + "'",
                           "use rehearsal-small or rehearsal-large");
  const Skill skill = skill_of(home, student);
  return {std::move(student.model), std::move(student.system_prompt), skill};
}

}  // namespace jarvis::rehearsal
