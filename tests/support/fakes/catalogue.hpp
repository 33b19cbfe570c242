#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "core/ports/applier_catalogue.hpp"
#include "core/ports/differ.hpp"
#include "tests/support/fakes/home.hpp"

namespace jarvis::testing {

/** Five ops: `set_agent_param` (automatic) appends "<param> = <value>" to config.toml, the two
 * prompt ops (review) write a prompt file, `add_tool_to_agent` (automatic, but review and escalated
 * for the tool "shell_exec") does as the first, `lora_finetune` (manual) refuses. */
class FakeCatalogue : public ApplierCatalogue {
 public:
  FakeCatalogue() {
    add("add_tool_to_agent", "agent", Tier::automatic, {"agent", "tool_name"});
    add("lora_finetune", "intelligence", Tier::manual, {});
    add("patch_system_prompt", "agent", Tier::review, {"agent", "diff"});
    add("replace_system_prompt", "agent", Tier::review, {"agent", "new_content"});
    add("set_agent_param", "agent", Tier::automatic, {"agent", "param", "value"});
  }

  /** Takes over from the op's own work where it is set. */
  std::function<Result<std::string>(const Edit&, MemoryStage&)> applier;
  int applied = 0;

  const std::vector<Op>& ops() const override { return ops_; }

  Result<TierDecision> tier_of(const std::string& op, const json::object& payload) const override {
    const Op* known = find(op);
    if (!known) return Error{ErrorKind::refused, "unknown op '" + op + "'", ""};
    if (sdk::optional_string(payload, "tool_name") == "shell_exec")
      return TierDecision{Tier::review, true, "side effects"};
    return TierDecision{known->tier, false, "fake"};
  }

  Result<void> check_payload(const std::string& op, const json::object& payload) const override {
    for (const json::value& key : find(op)->payload_schema.at("required").as_array())
      if (!payload.contains(key.as_string()))
        return Error{ErrorKind::invalid,
                     "field 'payload." + std::string(key.as_string()) + "' is missing", ""};
    return {};
  }

  Result<std::string> apply(const Edit& edit, HomeStage& stage) override {
    ++applied;
    auto& memory = dynamic_cast<MemoryStage&>(stage);
    if (applier) return applier(edit, memory);
    if (edit.op == "lora_finetune")
      return Error{ErrorKind::refused, "this version trains nothing", "collect more answers"};
    if (edit.op == "replace_system_prompt") {
      memory.files["agents/" + text(edit, "agent") + "/system_prompt.md"] =
          text(edit, "new_content");
    } else {
      std::string& config = memory.files["config.toml"];
      config += text(edit, "param") + text(edit, "tool_name") + " = " +
                (edit.payload.contains("value") ? json::serialize(edit.payload.at("value")) : "") +
                "\n";
    }
    return std::string("done");
  }

 private:
  static std::string text(const Edit& edit, std::string_view key) {
    return sdk::optional_string(edit.payload, key);
  }
  void add(const std::string& name, const std::string& pillar, Tier tier,
           const std::vector<std::string>& required) {
    json::object properties;
    for (const std::string& key : required) properties[key] = json::object();
    ops_.push_back({name,
                    pillar,
                    "What " + name + " does.",
                    {{"required", json::value_from(required)}, {"properties", properties}},
                    {{"example_of", name}},
                    tier,
                    "fake",
                    "fake"});
  }
  const Op* find(const std::string& name) const {
    const auto found =
        std::find_if(ops_.begin(), ops_.end(), [&](const Op& op) { return op.name == name; });
    return found == ops_.end() ? nullptr : &*found;
  }

  std::vector<Op> ops_;
};

/** Prints "<path>: <before> -> <after>"; the share of changed lines is what it is told. */
class FakeDiffer : public Differ {
 public:
  double share = 0;

  Result<std::string> diff(const std::vector<FileChange>& changes) const override {
    std::string text;
    for (const FileChange& change : changes)
      text += change.path + ": " + change.before.value_or("") + " -> " + change.after.value_or("");
    return text;
  }
  double changed_line_share(const std::string&, const std::string&) const override { return share; }
};

}  // namespace jarvis::testing
