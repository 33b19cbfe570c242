#include "core/session/diagnose/evidence.hpp"

namespace jarvis {

namespace {

constexpr double kSuccessFrom = 0.5;

}  // namespace

void Evidence::add_answer(Answerer who, const std::string& task_id, const std::string& output) {
  const std::lock_guard lock(mutex_);
  answers_[{who, task_id}].push_back({output, std::nullopt});
}

void Evidence::add_failed_run(const std::string& task_id, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  failed_runs_.try_emplace(task_id, reason);
}

std::string Evidence::failed_run(const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = failed_runs_.find(task_id);
  return found == failed_runs_.end() ? "" : found->second;
}

const std::vector<Evidence::Answer>& Evidence::find(Answerer who,
                                                    const std::string& task_id) const {
  static const std::vector<Answer> none;
  const auto found = answers_.find({who, task_id});
  return found == answers_.end() ? none : found->second;
}

std::vector<std::string> Evidence::answers(Answerer who, const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> outputs;
  for (const Answer& answer : find(who, task_id)) outputs.push_back(answer.output);
  return outputs;
}

void Evidence::set_score(Answerer who, const std::string& task_id, std::size_t index,
                         double score) {
  const std::lock_guard lock(mutex_);
  auto& answers = answers_[{who, task_id}];
  if (index < answers.size()) answers[index].score = score;
}

std::optional<double> Evidence::score(Answerer who, const std::string& task_id,
                                      std::size_t index) const {
  const std::lock_guard lock(mutex_);
  const auto& answers = find(who, task_id);
  return index < answers.size() ? answers[index].score : std::nullopt;
}

std::optional<double> Evidence::mean_score(Answerer who, const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  double sum = 0;
  int scored = 0;
  for (const Answer& answer : find(who, task_id)) {
    if (!answer.score) continue;
    sum += *answer.score;
    ++scored;
  }
  if (scored == 0) return std::nullopt;
  return sum / scored;
}

std::optional<double> Evidence::success_share(Answerer who, const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  int successes = 0, scored = 0;
  for (const Answer& answer : find(who, task_id)) {
    if (!answer.score) continue;
    successes += *answer.score >= kSuccessFrom ? 1 : 0;
    ++scored;
  }
  if (scored == 0) return std::nullopt;
  return static_cast<double>(successes) / scored;
}

}  // namespace jarvis
