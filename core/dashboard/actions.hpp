#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/dashboard/own_command.hpp"
#include "core/model/result.hpp"

namespace jarvis::dashboard {

/** Something that was started from the dashboard. */
struct Action {
  int number = 0;
  std::string title;       ///< "Approve edit-0a1b2c3d-1"
  std::string session_id;  ///< the session it is about; empty: a new one
  std::string started_at;  ///< ISO 8601 UTC
  std::string ended_at;    ///< empty while it runs
  CommandOutcome outcome;  ///< once it has ended

  bool is_running() const { return ended_at.empty(); }
};

/** Starts this program's own commands, each as a process of its own: lock, money, recovery and
 * signals are then what they are everywhere. Safe to call from many threads. */
class Actions {
 public:
  /** `program` is started with --home and --json. */
  Actions(std::filesystem::path program, std::filesystem::path home);
  /** Asks what still runs to stop, as Ctrl-C does, and waits for it. */
  ~Actions();
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  /** The number of the new action. locked while as many run as may at a time. */
  Result<int> start(const std::string& title, const std::string& session_id,
                    const std::vector<std::string>& words);
  /** Newest first. */
  std::vector<Action> list() const;
  std::optional<Action> find(int number) const;

 private:
  struct Running;
  void wait_for(Running& one, int number);

  const std::filesystem::path program_;
  const std::filesystem::path home_;
  mutable std::mutex mutex_;
  std::map<int, Action> actions_;
  std::map<int, std::unique_ptr<Running>> running_;
};

}  // namespace jarvis::dashboard
