#include "core/host/check/report.hpp"

#include <jarvis/abi/interfaces.h>

#include <algorithm>

namespace jarvis {

std::string_view to_string(CheckStatus status) {
  switch (status) {
    case CheckStatus::pass:
      return "pass";
    case CheckStatus::fail:
      return "fail";
    case CheckStatus::skipped:
      return "skipped";
  }
  return "";
}

std::size_t CheckReport::failures() const {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(),
                    [](const CheckLine& line) { return line.status == CheckStatus::fail; }));
}

void CheckReport::pass(const std::string& name, const std::string& note) {
  lines.push_back({name, CheckStatus::pass, note, ""});
}

void CheckReport::fail(const std::string& name, const std::string& why, const std::string& hint) {
  lines.push_back(
      {name, CheckStatus::fail, why, hint.empty() ? "see docs/plugin-author.md" : hint});
}

void CheckReport::skip(const std::string& name, const std::string& why) {
  lines.push_back({name, CheckStatus::skipped, why, ""});
}

bool CheckReport::judge(const std::string& name, const std::string& problem,
                        const std::string& hint) {
  if (problem.empty())
    pass(name);
  else
    fail(name, problem, hint);
  return problem.empty();
}

std::string label_of(const std::string& interface, const std::string& id) {
  std::string kind = interface;
  if (interface == JARVIS_EDIT_APPLIER_1) kind = "op";
  if (interface == JARVIS_DIAGNOSTIC_TOOL_1) kind = "tool";
  if (interface == JARVIS_TEACHER_ENGINE_1) kind = "teacher";
  if (interface == JARVIS_STUDENT_RUNNER_1) kind = "student";
  if (interface == JARVIS_JUDGE_1) kind = "judge";
  return kind + " " + id;
}

}  // namespace jarvis
