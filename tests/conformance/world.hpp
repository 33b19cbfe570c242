#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

#include "core/host/engine_seat.hpp"
#include "tests/conformance/engines.hpp"
#include "tests/support/temporary_directory.hpp"

namespace jarvis::conformance {

/** What the server does with the next request that it finds nothing wrong with. */
using Step = std::function<ScriptedReply(const Protocol&, const RecordedRequest&)>;

Step answers(Turn turn);
Step fails(int status, const std::string& message = "a fault",
           const std::vector<std::pair<std::string, std::string>>& headers = {});
Step sends(ScriptedReply reply);
/** The answer, broken off in the middle. */
Step breaks_off(Turn turn);

struct WorldOptions {
  int timeout_seconds = 20;
  int max_retries = 5;
  /** For a step that leaves the server unusable; starting and stopping one takes a while. */
  bool own_server = false;
};

/** One engine as the program uses it, with its money, and a strict server with a script; the last
 * step is repeated. Waits are recorded and not waited for. There is one World at a time. */
class World {
 public:
  World(const EngineRow& row, std::vector<Step> steps, const WorldOptions& options = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Result<sdk::GenerateResult> ask(const sdk::GenerateRequest& request);

  const EngineRow& row() const { return row_; }
  std::size_t requests() const;
  RecordedRequest last_request() const;
  std::chrono::milliseconds waited() const { return waited_; }
  double spent_usd() const { return purse_->spent_usd(); }
  double unsettled_usd() const { return purse_->unsettled_usd(); }
  /** What the server found wrong. */
  std::vector<std::string> complaints() const;

  /** What the server answers. */
  ScriptedReply serve(const RecordedRequest& request);

 private:
  const EngineRow& row_;
  std::vector<Step> steps_;
  std::size_t next_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> complaints_;
  std::vector<RecordedRequest> requests_;
  testing::TemporaryDirectory folder_;
  std::chrono::milliseconds waited_{0};
  std::optional<SessionPurse> purse_;
  std::optional<testing::LoopbackServer> own_server_;
  HttpService http_;
  std::optional<EngineSeat> seat_;
};

/** A question to a teacher with tools, or without. */
sdk::GenerateRequest question(bool with_tools = true);
/** The same, for an answer so long that it comes as a stream. */
sdk::GenerateRequest long_question();

/** Runs a case for every engine. */
void each_engine(const std::function<void(const EngineRow&)>& run);

/** The usage that an engine must report for a turn. */
sdk::Usage usage_of(const EngineRow& row, const Turn& turn);
/** What it costs at the prices of this suite. */
double price_of(const EngineRow& row, const Turn& turn);

}  // namespace jarvis::conformance
