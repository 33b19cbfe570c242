#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/app/application.hpp"
#include "core/app/rating.hpp"
#include "core/benchmark/judge_noise.hpp"
#include "core/benchmark/refresh.hpp"
#include "core/home/lock.hpp"
#include "core/host/engine_seat.hpp"
#include "core/session/session.hpp"

namespace jarvis {

/** What a working command may do. */
struct WorkOptions {
  std::string command;  ///< for the lock, and for the ledger where there is no session
  std::optional<double> max_cost_usd;
  bool local_only = false;  ///< refuse every endpoint off this machine's network
  /** The tools with side effects that the student may run while it is measured. */
  std::vector<std::string> allowed_tools = {};
};

/** Everything that a session, an approval or a refresh works with. Opening it checks all that can
 * be checked for nothing (switch, lock, repository, keys, prices) and spends nothing. Holds the
 * home's lock for its life. */
class Workshop {
 public:
  static Result<std::unique_ptr<Workshop>> open(Application& application,
                                                const WorkOptions& options);
  ~Workshop();

  /** Chooses teacher and judge: not_found, unavailable (no key), configuration (no price), and
   * refused for what --local does not allow. Comes before whatever asks them. */
  Result<void> require_engines();
  /** Commits what was changed by hand, tells it, and has the session's record say so. dirty when
   * config.toml is not what the settings were read from any more; see Checkpoint::check_in. */
  Result<void> check_in_changes();
  /** not_ready with fewer than `min_traces` traces. */
  Result<void> require_traces();
  /** unavailable when the student's server does not answer. */
  Result<void> require_student();
  /** The newest benchmark; makes the first one by itself where 10 answers are liked, from the
   * synthesis budget. Nothing when there are too few. */
  Result<const Benchmark*> benchmark(const Trigger& trigger);
  /** Mines new tasks into the next version. */
  Result<Refresh> refresh(bool ask_unsure_again = false);
  /** How often the judge disagrees with itself and with the user, on the newest benchmark. Chooses
   * the judge by itself, and needs no teacher. */
  Result<JudgeNoise> judge_noise();

  /** Has the judge rate traces that nobody rated. require_engines comes first. */
  Result<Evaluated> evaluate(const Evaluating& wanted);

  /** One session with a purse of its own. */
  Result<Session> run_session(Autonomy autonomy, const Trigger& trigger,
                              const Benchmark* benchmark);
  /** Goes on with an interrupted session, with what is left of its money and on its own version of
   * the benchmark. */
  Result<Session> resume(const Session& interrupted);
  Result<EditOutcome> approve(const QueuedEdit& queued);
  /** What the first request to the teacher would hold; sends nothing. */
  Result<json::object> preview(const Trigger& trigger);

  /** A notice for the user from opening ("made learning/ …"); empty when there is none. */
  const std::string& notice() const { return notice_; }

 private:
  struct Parts;
  explicit Workshop(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
  std::string notice_;
};

}  // namespace jarvis
