#pragma once

#include <filesystem>
#include <functional>
#include <jarvis/sdk/payload/student_services.hpp>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/host/process/order.hpp"
#include "core/model/result.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis {

/** What keeps a program from acting beyond its home. */
enum class Sandbox {
  bubblewrap,
  kernel,  ///< Landlock, and a network namespace or a filter of system calls; as far as granted
  none
};

/** What the user's settings say of the command. */
struct CommandPolicy {
  std::vector<std::string> command;  ///< with placeholders; not empty
  bool network = false;
  double most_seconds = 120;
  std::optional<Sandbox> sandbox = std::nullopt;  ///< by default the best that works here
};

/** The host's `process` service of one student: runs the one command that the user configured, each
 * time in a process apart that leaves nothing running. Safe to call from many threads. */
class ProcessService {
 public:
  explicit ProcessService(CommandPolicy policy) : policy_(std::move(policy)) {}

  /** Runs it in `home`, or only says whether it could be run. Errors: configuration (no such
   * program, or it is this one), refused (another command, another home, a variable that may not be
   * set, tracked files that the program changed), cancelled, unavailable (it cannot be started). */
  Result<sdk::ProcessResult> run(const sdk::ProcessRequest& request, const HomeView& home,
                                 const std::function<bool()>& cancelled);

  /** Whether it may reach beyond this machine. */
  bool reaches_network() const { return policy_.network; }

 private:
  struct Means {
    std::filesystem::path program;
    Sandbox sandbox = Sandbox::none;
    std::filesystem::path bubblewrap;
  };

  /** Found once: what `jarvis` was started with does not change. */
  Result<Means> means(const std::filesystem::path& home);
  ProcessOrder order_for(const sdk::ProcessRequest& request, const Means& means) const;
  void warn_once(const std::vector<std::string>& not_granted);

  const CommandPolicy policy_;
  std::mutex mutex_;
  std::optional<Means> means_;
  bool warned_ = false;
};

}  // namespace jarvis
