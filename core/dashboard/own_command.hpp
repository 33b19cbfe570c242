#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis::dashboard {

/** What a command of this program came to. */
struct CommandOutcome {
  int status = 0;         ///< its exit status; 128 + the signal that ended it
  json::object document;  ///< what it printed
  std::string error;      ///< why it failed; empty when it did not
  std::string hint;
};

/** A command of this program at work in a process of its own, so that nothing of it stays in this
 * one.
 */
class OwnCommand {
 public:
  /** Starts `program` with --home, --json and these words. retryable where that cannot be done. */
  static Result<std::unique_ptr<OwnCommand>> start(const std::filesystem::path& program,
                                                   const std::filesystem::path& home,
                                                   const std::vector<std::string>& words);
  /** After wait(). */
  ~OwnCommand();
  OwnCommand(const OwnCommand&) = delete;
  OwnCommand& operator=(const OwnCommand&) = delete;

  /** Once. */
  CommandOutcome wait();
  /** Asks it to stop, as Ctrl-C does; nothing happens when it has ended. From any thread. */
  void stop();

 private:
  struct Process;
  explicit OwnCommand(std::unique_ptr<Process> process);
  std::unique_ptr<Process> process_;
};

}  // namespace jarvis::dashboard
