#pragma once

#include <string>

#include "core/benchmark/store.hpp"

namespace jarvis {

/** The text of a benchmark file: JSON, one task a line. */
std::string benchmark_text(const BenchmarkFile& file);

/** Reads it back. Errors are invalid and name the task and the field. */
Result<BenchmarkFile> parse_benchmark(const std::string& text);

}  // namespace jarvis
