#include "core/host/registry.hpp"

#include <algorithm>
#include <jarvis/sdk/payload/edit.hpp>
#include <jarvis/text/toml_document.hpp>

#include "core/host/effects.hpp"
#include "core/host/honours.hpp"
#include "core/host/payload_schema.hpp"

namespace jarvis {

namespace {

std::map<std::string, Tier> tiers_in(const json::object& table) {
  std::map<std::string, Tier> tiers;
  for (const auto& [op, value] : sdk::optional_object(table, "tiers")) {
    const auto tier =
        value.is_string() ? tier_from(std::string_view(value.as_string())) : std::nullopt;
    if (!tier)
      throw sdk::invalid("tier of '" + std::string(op) + "' is not auto, review or manual");
    tiers[std::string(op)] = *tier;
  }
  return tiers;
}

/** A fault of the plugin itself, under its name. */
Error named(Error error, const std::string& plugin) {
  error.message = "plugin '" + plugin + "': " + error.message;
  return error;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

Result<Registry> Registry::make(PluginHost& plugins, std::string_view ops_table,
                                const std::map<std::string, Tier>& overrides,
                                const Provided* runner, const std::string& dialect) try {
  const auto document = text::TomlDocument::parse(std::string(ops_table), "config/ops.toml");
  const json::object& table = document.values();
  Registry registry(plugins);
  registry.overrides_ = overrides;
  registry.runner_ = runner;
  registry.dialect_ = dialect;
  const json::object side_effects = sdk::optional_object(table, "side_effects");
  registry.side_effect_ops_ = sdk::strings_of(sdk::optional_array(side_effects, "ops"));
  registry.side_effects_ = SideEffects::in(table);
  registry.side_effect_tier_ =
      tier_from(sdk::optional_string(side_effects, "tier")).value_or(Tier::review);
  registry.forbidden_ =
      sdk::strings_of(sdk::optional_array(sdk::optional_object(table, "forbidden"), "keys"));
  const auto listed = tiers_in(table);
  for (const Offer& offer : plugins.offers(JARVIS_EDIT_APPLIER_1)) registry.add(offer, listed);
  return registry;
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::configuration, failure.what(), ""};
}

void Registry::add(const Offer& offer, const std::map<std::string, Tier>& listed) {
  const Provided& provided = *offer.provided;
  const InDialect in_dialect = provided.in(dialect_).value_or(
      InDialect{"Not possible: its applier does not know the dialect '" + dialect_ + "'", {}, {}});
  Op op{provided.id,       provided.pillar, in_dialect.summary, provided.payload_schema,
        provided.example,  provided.tier,   "manifest",         offer.plugin->manifest.id,
        in_dialect.touches};
  const auto row = listed.find(op.name);
  // A plugin cannot make itself automatic: what the table does not name is review or stricter.
  const Tier ours = offer.plugin->built_in && row != listed.end() ? row->second : Tier::review;
  if (ours >= op.tier) {
    op.tier = ours;
    op.tier_source =
        row != listed.end() && offer.plugin->built_in ? "config/ops.toml" : "third-party";
  }
  if (const auto wanted = overrides_.find(op.name); wanted != overrides_.end()) {
    op.tier = wanted->second;
    op.tier_source = "tier_overrides";
  }
  ops_.push_back(std::move(op));
}

const Op* Registry::find(const std::string& op) const {
  const auto found =
      std::find_if(ops_.begin(), ops_.end(), [&](const Op& known) { return known.name == op; });
  return found == ops_.end() ? nullptr : &*found;
}

Result<Offer> Registry::applier_of(const std::string& op) const {
  if (!find(op))
    return Error{ErrorKind::refused, "unknown op '" + op + "'", "see 'jarvis plugins ops'"};
  return plugins_->find(JARVIS_EDIT_APPLIER_1, op);
}

bool Registry::has_side_effects(const std::string& op, const std::string& tool) const {
  return !tool.empty() && contains(side_effect_ops_, op) && side_effects_.names(tool);
}

Result<TierDecision> Registry::tier_of(const std::string& op, const json::object& payload) const {
  const Op* known = find(op);
  if (!known)
    return Error{ErrorKind::refused, "unknown op '" + op + "'", "see 'jarvis plugins ops'"};
  TierDecision decision{known->tier, false, known->tier_source};
  const std::string tool = sdk::optional_string(payload, "tool_name");
  if (const auto wanted = overrides_.find(op + ":" + tool); wanted != overrides_.end())
    return TierDecision{wanted->second, false, "tier_overrides"};
  const bool freed = overrides_.count(op) != 0 && decision.tier < side_effect_tier_;
  if (freed || !has_side_effects(op, tool)) return decision;
  // Also where the op's own tier is as strict: what acts on the world is not loosened by
  // `--autonomy auto`.
  decision.escalated = true;
  if (decision.tier < side_effect_tier_) {
    decision.tier = side_effect_tier_;
    decision.source = "side effects of '" + tool + "'";
  }
  return decision;
}

Result<void> Registry::check_payload(const std::string& op, const json::object& payload) const {
  const Op* known = find(op);
  if (!known)
    return Error{ErrorKind::refused, "unknown op '" + op + "'", "see 'jarvis plugins ops'"};
  return check_against_schema(payload, known->payload_schema, "payload");
}

Result<std::string> Registry::apply(const Edit& edit, HomeStage& stage) {
  const auto offer = applier_of(edit.op);
  if (!offer) return offer.error();
  if (auto checked = check_payload(edit.op, edit.payload); !checked) return checked.error();
  if (runner_)
    if (auto offered = check_tool_offered(edit.payload, *runner_); !offered) return offered.error();
  const auto in_dialect = offer->provided->in(dialect_);
  if (!in_dialect)
    return Error{ErrorKind::refused,
                 "plugin '" + offer->plugin->manifest.id + "' does not support the dialect '" +
                     dialect_ + "': its edits would land where the student does not look",
                 "its manifest would have to name it in 'dialects'"};
  const auto policy = EffectPolicy::make(in_dialect->touches, edit.payload, forbidden_);
  if (!policy) return policy.error();
  const auto plugin = plugins_->load(*offer->plugin);
  // The fault is the installation's, not the edit's.
  if (!plugin) return Error{ErrorKind::unavailable, plugin.error().message, plugin.error().hint};

  const json::object request =
      sdk::to_json(sdk::EditRequest{edit.op, edit.target, edit.payload, stage.root().string()});
  const CallContext nothing;
  if ((*plugin)->offers(PluginFunction::edit_validate))
    if (auto valid = (*plugin)->call(PluginFunction::edit_validate, request, nothing); !valid)
      return valid.error();
  const std::string& id = offer->plugin->manifest.id;
  const auto untouched = stage.changes();
  if (!untouched) return named(untouched.error(), id);
  if (!untouched->empty()) return named({ErrorKind::refused, "it wrote files in validate", ""}, id);
  const auto applied = (*plugin)->call(PluginFunction::edit_apply, request, nothing);
  if (!applied) return applied.error();
  const auto result = sdk::edit_result(*applied);

  const auto changes = stage.changes();
  if (!changes) return named(changes.error(), id);
  if (auto checked = policy->check(*changes, result.changed_files); !checked)
    return named(checked.error(), id);
  if (changes->empty())
    return Error{ErrorKind::refused, "no change: the edit left every file as it was", ""};
  if (runner_)
    if (auto honoured = check_honoured(*changes, *runner_, dialect_); !honoured)
      return honoured.error();
  return result.summary;
}

}  // namespace jarvis
