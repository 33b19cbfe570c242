#include "core/dashboard/actions.hpp"

#include <ctime>

#include "core/ports/clock.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kMostAtOnce = 2;
constexpr std::size_t kMostKept = 100;

std::string now_text() {
  return iso8601(static_cast<double>(std::time(nullptr)));
}

}  // namespace

struct Actions::Running {
  std::unique_ptr<OwnCommand> command;
  bool is_done = false;
  std::jthread waiter;
};

Actions::Actions(std::filesystem::path program, std::filesystem::path home)
    : program_(std::move(program)), home_(std::move(home)) {}

Actions::~Actions() {
  std::map<int, std::unique_ptr<Running>> running;
  {
    const std::lock_guard lock(mutex_);
    running.swap(running_);
  }
  for (const auto& [number, one] : running) one->command->stop();
}

Result<int> Actions::start(const std::string& title, const std::string& session_id,
                           const std::vector<std::string>& words) {
  const std::lock_guard lock(mutex_);
  std::erase_if(running_, [](const auto& entry) { return entry.second->is_done; });
  if (running_.size() >= kMostAtOnce)
    return Error{ErrorKind::locked, "another action is still running", "wait until it has ended"};
  auto command = OwnCommand::start(program_, home_, words);
  if (!command) return command.error();
  const int number = actions_.empty() ? 1 : actions_.rbegin()->first + 1;
  actions_[number] = {number, title, session_id, now_text(), "", {}};
  if (actions_.size() > kMostKept) actions_.erase(actions_.begin());
  Running& one = *(running_[number] = std::make_unique<Running>());
  one.command = std::move(*command);
  one.waiter = std::jthread([this, &one, number] { wait_for(one, number); });
  return number;
}

void Actions::wait_for(Running& one, int number) {
  CommandOutcome outcome = one.command->wait();
  const std::lock_guard lock(mutex_);
  one.is_done = true;
  const auto found = actions_.find(number);
  if (found == actions_.end()) return;
  found->second.outcome = std::move(outcome);
  found->second.ended_at = now_text();
}

std::vector<Action> Actions::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<Action> found;
  for (auto at = actions_.rbegin(); at != actions_.rend(); ++at) found.push_back(at->second);
  return found;
}

std::optional<Action> Actions::find(int number) const {
  const std::lock_guard lock(mutex_);
  const auto found = actions_.find(number);
  if (found == actions_.end()) return std::nullopt;
  return found->second;
}

}  // namespace jarvis::dashboard
