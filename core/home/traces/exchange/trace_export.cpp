#include "core/home/traces/exchange/trace_export.hpp"

#include "core/base/atomic_file.hpp"
#include "core/home/traces/exchange/jsonl_format.hpp"
#include "core/home/traces/whole_store.hpp"

namespace jarvis {

namespace fs = std::filesystem;

Result<std::int64_t> export_traces(const fs::path& store, const TraceFilter& filter,
                                   const std::function<Result<void>(const std::string&)>& write) {
  std::int64_t count = 0;
  const auto read =
      read_whole_store(store, filter, [&](std::int64_t, const TraceRow& row) -> Result<bool> {
        if (auto written = write(to_jsonl(row)); !written) return written.error();
        ++count;
        return true;
      });
  if (!read && read.error().kind != ErrorKind::not_found) return read.error();
  return count;
}

Result<std::int64_t> export_traces(const fs::path& store, const TraceFilter& filter,
                                   const fs::path& file) {
  std::error_code unknown;
  if (fs::equivalent(store, file, unknown))
    return Error{ErrorKind::refused, "'" + file.string() + "' is the trace store itself",
                 "name another file"};
  auto replacement = FileReplacement::begin(file);
  if (!replacement) return replacement.error();
  const auto count = export_traces(
      store, filter, [&](const std::string& line) { return (*replacement)->append(line); });
  if (!count) return count;
  if (auto done = (*replacement)->commit(); !done) return done.error();
  return count;
}

}  // namespace jarvis
