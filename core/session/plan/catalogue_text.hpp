#pragma once

#include <string>

#include "core/ports/applier_catalogue.hpp"

namespace jarvis {

/** The registered ops as the planner's prompt shows them: name, purpose, payload schema, example.
 */
std::string catalogue_text(const ApplierCatalogue& catalogue);

}  // namespace jarvis
