#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

enum class TraceFormat {
  jsonl,     ///< what export_traces writes
  openai,    ///< chat logs in the form of OpenAI, one record a line
  otlp,      ///< GenAI spans of OpenTelemetry, OTLP/JSON
  traces_db  ///< another traces.db
};

struct ImportOptions {
  std::optional<TraceFormat> format;  ///< nothing: told by the content of each file
  std::string agent = "external";     ///< of traces that name none
};

struct BadRecord {
  std::string file;
  std::int64_t line = 0;  ///< from 1; in a traces.db the row; 0 when it is about the whole file
  std::string reason;
};

struct ImportReport {
  std::int64_t imported = 0;
  std::int64_t already_there = 0;
  std::int64_t bad_count = 0;
  std::vector<BadRecord> bad;  ///< the first ones
};

/** How many bad records an ImportReport names. */
inline constexpr std::size_t kMostBadNamed = 20;

/** Adds the traces of the files ("-" is stdin) to the store, which is made where there is none.
 * Constant memory, however large the files. A record whose id is there already is counted and
 * changes nothing, so that an import that was interrupted can simply be made again. Records that
 * cannot be used are counted and named; only a file that cannot be opened, before anything is
 * imported, or a store that cannot be written is an error. */
Result<ImportReport> import_traces(const std::filesystem::path& store,
                                   const std::vector<std::string>& files,
                                   const ImportOptions& options);

}  // namespace jarvis
