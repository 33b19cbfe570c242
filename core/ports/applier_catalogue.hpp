#pragma once

#include <string>
#include <vector>

#include "core/model/edit.hpp"
#include "core/model/result.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis {

/** One registered op. */
struct Op {
  std::string name;
  std::string pillar;
  std::string description;
  json::object payload_schema;
  json::object example;  ///< an example payload
  Tier tier = Tier::review;
  std::string tier_source;  ///< "config/ops.toml", "manifest", "tier_overrides", …
  std::string plugin;
  /** What it may change: "agents/{agent}/system_prompt.md", "config.toml:agent.{agent}.tools". */
  std::vector<std::string> touches = {};
};

struct TierDecision {
  Tier tier = Tier::review;
  bool escalated = false;
  std::string source;
};

/** The registered ops and their appliers. Sealed after start-up; sorted by name. */
class ApplierCatalogue {
 public:
  virtual ~ApplierCatalogue() = default;
  virtual const std::vector<Op>& ops() const = 0;
  /** The op's tier with overrides and side-effect escalation; refused for an unknown op. */
  virtual Result<TierDecision> tier_of(const std::string& op,
                                       const json::object& payload) const = 0;
  /** Checks the payload against the op's schema; the error names the field. */
  virtual Result<void> check_payload(const std::string& op, const json::object& payload) const = 0;
  /** Applies to the staged copy and checks that nothing changed but what the op may touch. A stage
   * on which this failed must be dropped. Gives one line for a person. */
  virtual Result<std::string> apply(const Edit& edit, HomeStage& stage) = 0;
};

}  // namespace jarvis
