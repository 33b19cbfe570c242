#pragma once

#include <filesystem>
#include <functional>

#include "core/home/traces/trace_row.hpp"
#include "core/model/result.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** Hands every trace that the filter lets through, with its steps, to `visit` until that gives
 * false: in the order in which they were written, from one state of the store, one in memory at a
 * time. `number` is the row's. The filter's limit does not count. Nothing is written. not_found
 * when there is no store. */
Result<void> read_whole_store(
    const std::filesystem::path& path, const TraceFilter& filter,
    const std::function<Result<bool>(std::int64_t number, TraceRow row)>& visit);

}  // namespace jarvis
