#include "core/session/plan/proposals.hpp"

#include <algorithm>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/prompt.hpp>
#include <jarvis/text/unified_diff.hpp>

#include "core/session/plan/placeholder_rule.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kMostEdits = 20;
constexpr double kPatchShare = 0.5;
constexpr char kPatchOp[] = "patch_system_prompt";
constexpr char kReplaceOp[] = "replace_system_prompt";

/** "agents.simple.system_prompt" → "simple"; nothing when the target is not of that form. */
std::string agent_in_target(const std::string& target) {
  for (const std::string prefix : {"agents.", "agent."}) {
    if (target.rfind(prefix, 0) != 0) continue;
    const std::string rest = target.substr(prefix.size());
    return rest.substr(0, rest.find('.'));
  }
  return {};
}

/** "session-20260601T030000_0a1b2c3d" and 0 → "edit-0a1b2c3d-1": unique across the home's sessions.
 */
std::string edit_id(const std::string& session_id, std::size_t index) {
  return "edit-" + session_id.substr(session_id.rfind('_') + 1) + "-" + std::to_string(index + 1);
}

}  // namespace

std::vector<Edit> Proposals::edits_from(const json::array& proposals) const {
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    Edit edit = edit_from(proposals[i], i);
    if (edit.refusal.empty() && i >= kMostEdits)
      edit.refusal = "a plan has at most " + std::to_string(kMostEdits) + " edits";
    edits.push_back(std::move(edit));
  }
  return edits;
}

Edit Proposals::edit_from(const json::value& proposal, std::size_t index) const {
  Edit edit;
  edit.id = edit_id(session_id_, index);
  edit.tier = Tier::manual;
  if (!proposal.is_object()) {
    edit.refusal = "the proposal is not a JSON object";
    return edit;
  }
  const json::object& object = proposal.as_object();
  edit.teacher_id = sdk::optional_string(object, "id");
  edit.pillar = sdk::optional_string(object, "pillar");
  edit.op = sdk::optional_string(object, "op");
  edit.target = sdk::optional_string(object, "target");
  edit.rationale = sdk::optional_string(object, "rationale");
  edit.expected_improvement = sdk::optional_string(object, "expected_improvement");
  edit.claimed_tier = sdk::optional_string(object, "risk_tier");
  edit.references = sdk::strings_of(sdk::optional_array(object, "references"));
  const json::value* payload = object.if_contains("payload");
  if (payload && payload->is_object()) edit.payload = payload->as_object();
  if (edit.op.empty())
    edit.refusal = "field 'op' is missing";
  else if (!payload || !payload->is_object())
    edit.refusal = "field 'payload' is not an object";
  else if (auto completed = complete(edit); !completed)
    edit.refusal = completed.error().message;
  return edit;
}

Result<void> Proposals::complete(Edit& edit) const {
  const auto& ops = catalogue_.ops();
  const auto op =
      std::find_if(ops.begin(), ops.end(), [&](const Op& known) { return known.name == edit.op; });
  if (op == ops.end()) return Error{ErrorKind::refused, "unknown op '" + edit.op + "'", ""};
  edit.pillar = op->pillar;
  const auto tier = catalogue_.tier_of(edit.op, edit.payload);
  if (!tier) return tier.error();
  edit.tier = tier->tier;
  edit.escalated = tier->escalated;
  if (auto named = name_agent(edit, *op); !named) return named;
  if (auto restored = restore_placeholders(edit.payload, op->touches, home_, privacy_); !restored)
    return restored;
  if (auto checked = catalogue_.check_payload(edit.op, edit.payload); !checked) return checked;
  return edit.op == kPatchOp ? check_patch(edit) : Result<void>();
}

Result<void> Proposals::name_agent(Edit& edit, const Op& op) const {
  if (!sdk::optional_object(op.payload_schema, "properties").contains("agent")) return {};
  const std::string target = agent_in_target(edit.target);
  const json::value* agent = edit.payload.if_contains("agent");
  if (!agent) {
    if (target.empty())
      return Error{ErrorKind::invalid,
                   "it names no agent: neither 'payload.agent' nor a target 'agents.<name>'", ""};
    edit.payload["agent"] = target;
    return {};
  }
  if (agent->is_string() && !target.empty() && agent->as_string() != target)
    return Error{ErrorKind::invalid,
                 "it names two agents: '" + std::string(agent->as_string()) +
                     "' in the payload, '" + target + "' in the target",
                 ""};
  return {};
}

// A patch of most of the prompt is a replacement in disguise, and is reviewed as one.
Result<void> Proposals::check_patch(Edit& edit) const try {
  const std::string agent = sdk::required_string(edit.payload, "agent");
  const auto prompt = text::agent_prompt(agent, [&](const std::string& file) {
                        return content_of(home_, file);
                      }).text;
  if (!prompt)
    return Error{ErrorKind::refused, "agent '" + agent + "' has no prompt that a diff could change",
                 ""};
  // A teacher does not see a byte order mark, and its diff does not have one.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const bool marked = prompt->compare(0, kByteOrderMark.size(), kByteOrderMark) == 0;
  const std::string shown = marked ? prompt->substr(kByteOrderMark.size()) : *prompt;
  const std::string patched =
      text::apply_unified_diff(shown, sdk::required_string(edit.payload, "diff"));
  if (differ_.changed_line_share(shown, patched) <= kPatchShare) return {};
  const auto tier = catalogue_.tier_of(kReplaceOp, edit.payload);
  if (!tier) return tier.error();
  edit.op = kReplaceOp;
  edit.payload = {{"agent", agent}, {"new_content", patched}};
  edit.tier = tier->tier;
  edit.escalated = tier->escalated;
  return catalogue_.check_payload(edit.op, edit.payload);
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::refused, failure.what(), failure.hint()};
}

}  // namespace jarvis
