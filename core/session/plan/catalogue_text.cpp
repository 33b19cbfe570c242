#include "core/session/plan/catalogue_text.hpp"

namespace jarvis {

std::string catalogue_text(const ApplierCatalogue& catalogue) {
  std::string text;
  for (const Op& op : catalogue.ops()) {
    text += "## " + op.name + " (pillar " + op.pillar + ")\n" + op.description + "\n";
    text += "Payload schema: " + json::serialize(op.payload_schema) + "\n";
    text += "Example payload: " + json::serialize(op.example) + "\n\n";
  }
  return text;
}

}  // namespace jarvis
