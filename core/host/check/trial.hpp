#pragma once

#include <memory>
#include <optional>

#include "core/host/check/plugin_check.hpp"
#include "core/host/check/subject.hpp"

namespace jarvis {

/** What one call of an applier came to, and what it left. */
struct ApplierRun {
  Outcome outcome;
  Result<std::vector<FileChange>> changes;  ///< in the scratch home
  std::string outside;  ///< a file beside the scratch home that it touched; empty: none
};

/** Makes one call on a fresh scratch home with these files. An error is the bench's own. */
Result<ApplierRun> try_edit(Subject& subject, const CheckBench& bench, const HomeFiles& files,
                            PluginFunction function, const std::string& op,
                            const json::object& payload);

}  // namespace jarvis
