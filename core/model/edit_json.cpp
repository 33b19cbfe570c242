#include "core/model/edit_json.hpp"

namespace jarvis {

json::object to_json(const Edit& edit) {
  return {{"id", edit.id},
          {"pillar", edit.pillar},
          {"op", edit.op},
          {"target", edit.target},
          {"payload", edit.payload},
          {"rationale", edit.rationale},
          {"expected_improvement", edit.expected_improvement},
          {"risk_tier", to_string(edit.tier)},
          {"references", json::value_from(edit.references)},
          {"teacher_id", edit.teacher_id},
          {"claimed_tier", edit.claimed_tier},
          {"escalated", edit.escalated},
          {"refusal", edit.refusal}};
}

Edit edit_from_json(const json::object& object) {
  Edit edit;
  edit.id = sdk::required_string(object, "id");
  edit.pillar = sdk::optional_string(object, "pillar");
  edit.op = sdk::required_string(object, "op");
  edit.target = sdk::optional_string(object, "target");
  edit.payload = sdk::optional_object(object, "payload");
  edit.rationale = sdk::optional_string(object, "rationale");
  edit.expected_improvement = sdk::optional_string(object, "expected_improvement");
  const std::string tier = sdk::required_string(object, "risk_tier");
  const auto known = tier_from(tier);
  if (!known) throw sdk::invalid("field 'risk_tier' is '" + tier + "', not auto, review or manual");
  edit.tier = *known;
  edit.references = sdk::strings_of(sdk::optional_array(object, "references"));
  edit.teacher_id = sdk::optional_string(object, "teacher_id");
  edit.claimed_tier = sdk::optional_string(object, "claimed_tier");
  edit.escalated = sdk::optional_bool(object, "escalated");
  edit.refusal = sdk::optional_string(object, "refusal");
  return edit;
}

}  // namespace jarvis
