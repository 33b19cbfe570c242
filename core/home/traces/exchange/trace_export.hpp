#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/model/result.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** Hands every trace that the filter lets through to `write` as a line of JSON with its newline, in
 * the order in which they were recorded; gives how many. Constant memory. An error of `write` ends
 * it. A store that does not exist has no traces. */
Result<std::int64_t> export_traces(const std::filesystem::path& store, const TraceFilter& filter,
                                   const std::function<Result<void>(const std::string&)>& write);

/** The same to a file (0600) that appears when it is complete. Refused where it would replace the
 * store. */
Result<std::int64_t> export_traces(const std::filesystem::path& store, const TraceFilter& filter,
                                   const std::filesystem::path& file);

}  // namespace jarvis
