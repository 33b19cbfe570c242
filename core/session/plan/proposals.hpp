#pragma once

#include <string>
#include <vector>

#include "core/model/edit.hpp"
#include "core/model/json.hpp"
#include "core/ports/applier_catalogue.hpp"
#include "core/ports/differ.hpp"
#include "core/ports/home_view.hpp"
#include "core/ports/privacy.hpp"

namespace jarvis {

/** Turns the teacher's proposals into edits: unique ids, the agent named in the payload, schema
 * checked, the tier from the registry. What may not be tried keeps its place with a refusal. */
class Proposals {
 public:
  Proposals(const std::string& session_id, const ApplierCatalogue& catalogue, const Differ& differ,
            const HomeView& home, const Privacy& privacy = no_privacy())
      : session_id_(session_id),
        catalogue_(catalogue),
        differ_(differ),
        home_(home),
        privacy_(privacy) {}

  std::vector<Edit> edits_from(const json::array& proposals) const;

 private:
  Edit edit_from(const json::value& proposal, std::size_t index) const;
  Result<void> complete(Edit& edit) const;
  Result<void> name_agent(Edit& edit, const Op& op) const;
  Result<void> check_patch(Edit& edit) const;

  const std::string& session_id_;
  const ApplierCatalogue& catalogue_;
  const Differ& differ_;
  const HomeView& home_;
  const Privacy& privacy_;
};

}  // namespace jarvis
