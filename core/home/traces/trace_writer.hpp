#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/trace.hpp"

namespace jarvis {

/** Makes an empty traces.db (0600) with the tables, index and trigger of OpenJarvis. Refuses where
 * a file is already. */
Result<void> create_trace_database(const std::filesystem::path& path);

/** Makes the indexes that are missing in a store that is there; on a large one that takes seconds,
 * once. Without them all works, slowly. Nothing is done where there is no store. retryable while
 * another program holds it. */
Result<void> index_traces(const std::filesystem::path& path);

/** Adds the traces with their steps, all or none, to a store that is made where there is none. A
 * trace id that is there already is an error. Waits while another program writes, half a minute at
 * most. */
Result<void> insert_traces(const std::filesystem::path& path, const std::vector<Trace>& traces);

/** Sets what a person says of the trace with exactly this id; nothing takes it away. Refused
 * outside 0..1. Waits as insert_traces does. */
Result<void> set_feedback(const std::filesystem::path& path, const std::string& id,
                          std::optional<double> score);

/** Sets what the judge says, and marks it as that in the trace's metadata. False, and nothing is
 * changed, where the trace has a rating. */
Result<bool> rate_as_judge(const std::filesystem::path& path, const std::string& id, double score);

}  // namespace jarvis
