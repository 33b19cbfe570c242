#pragma once

#include <string>
#include <string_view>

#include "plugins/shared/rehearsal_questions.hpp"

namespace jarvis::rehearsal {

inline constexpr const char* kSmallModel = "rehearsal-small";
inline constexpr const char* kLargeModel = "rehearsal-large";

/** What the home decides about an answer. */
struct Skill {
  bool large = false;            ///< the model
  double temperature = 0.2;      ///< above 0.7 more and more answers go wrong
  bool step_by_step = false;     ///< the prompt asks for it: second steps are seldom forgotten
  bool worked_examples = false;  ///< exemplars show steps: the same, weaker
  bool calculator = false;       ///< mends slips in reckoning
  bool orchestrates = false;     ///< the agent's class plans: second steps are forgotten less
  bool reasons_aloud = false;    ///< the agent's class writes thoughts: the same, stronger
  long max_tokens = 512;         ///< a longer answer loses its end
};

namespace detail {

/** True for the share `rate` of questions; whoever slips at a low rate slips at a higher one, too.
 */
inline bool slips(std::string_view query, const char* way, double rate) {
  return chance(std::string(way) + "|" + std::string(query)) < rate;
}

inline double forgetting(const Skill& skill) {
  double rate = skill.large ? 0.08 : 0.6;
  if (skill.step_by_step) rate *= 0.2;
  if (skill.worked_examples) rate *= 0.6;
  if (skill.orchestrates) rate *= 0.7;
  if (skill.reasons_aloud) rate *= 0.45;
  return rate;
}

inline std::string spoiled(const Question& question, const std::string& answer) {
  if (question.is_math()) return std::to_string(std::stol(answer) + 10);
  return answer.substr(1) + answer.substr(0, 1);
}

}  // namespace detail

/** "step\nstep\nA: answer". */
inline std::string written(const std::vector<std::string>& steps, const std::string& answer) {
  std::string text;
  for (const std::string& step : steps) text += step + "\n";
  return text + "A: " + answer;
}

inline long tokens_of(std::string_view text) {
  return static_cast<long>(text.size() / 4 + 1);
}

/** The rehearsal student's answer. It depends on the query and the skill alone. */
inline std::string student_answer(std::string_view query, const Skill& skill) {
  const auto question = parse_question(query);
  if (!question) return "This rehearsal knows no answer to that.\nA: unknown";
  Working working = work_out(*question);
  const double heat = skill.temperature > 0.7 ? (skill.temperature - 0.7) * 0.6 : 0;
  const double slip = skill.large ? 0.02 : 0.15;
  std::string answer = working.answer;
  if (question->has_two_steps() && detail::slips(query, "forgets", detail::forgetting(skill))) {
    answer = working.first_result;
    working.steps.pop_back();
  } else if (detail::slips(query, "slips", slip) && !(question->is_math() && skill.calculator)) {
    answer = detail::spoiled(*question, answer);
  }
  if (detail::slips(query, "wanders", heat)) answer = detail::spoiled(*question, answer);
  const std::string thought = skill.reasons_aloud ? "Thought: one step after the other.\n" : "";
  const std::string text = thought + written(working.steps, answer);
  if (tokens_of(text) <= skill.max_tokens) return text;
  return text.substr(0, static_cast<std::size_t>(skill.max_tokens > 0 ? skill.max_tokens : 0) * 4);
}

}  // namespace jarvis::rehearsal
