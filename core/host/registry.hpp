#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/host/plugin_host.hpp"
#include "core/host/side_effects.hpp"
#include "core/ports/applier_catalogue.hpp"

namespace jarvis {

/** Maps each op to its applier and its tier. Built once from the manifests, config/ops.toml and the
 *  user's overrides; sealed from then on. `plugins` must outlive it. */
class Registry : public ApplierCatalogue {
 public:
  /** `ops_table` is the text of config/ops.toml. `overrides` keys are "op" or "op:tool". `runner`
   * is the student's: edits that it does not honour are refused; nullptr: every edit may have an
   * effect. `dialect` is the home's: an applier whose manifest does not name it is never called. */
  static Result<Registry> make(PluginHost& plugins, std::string_view ops_table,
                               const std::map<std::string, Tier>& overrides,
                               const Provided* runner = nullptr,
                               const std::string& dialect = kOwnDialect);

  const std::vector<Op>& ops() const override { return ops_; }
  Result<TierDecision> tier_of(const std::string& op, const json::object& payload) const override;
  Result<void> check_payload(const std::string& op, const json::object& payload) const override;
  Result<std::string> apply(const Edit& edit, HomeStage& stage) override;

 private:
  explicit Registry(PluginHost& plugins) : plugins_(&plugins) {}

  const Op* find(const std::string& op) const;
  Result<Offer> applier_of(const std::string& op) const;
  void add(const Offer& offer, const std::map<std::string, Tier>& listed);
  bool has_side_effects(const std::string& op, const std::string& tool) const;

  PluginHost* plugins_;
  const Provided* runner_ = nullptr;
  std::string dialect_;
  std::vector<Op> ops_;
  std::map<std::string, Tier> overrides_;
  std::vector<std::string> side_effect_ops_;
  SideEffects side_effects_;
  Tier side_effect_tier_ = Tier::review;
  std::vector<std::string> forbidden_;
};

}  // namespace jarvis
