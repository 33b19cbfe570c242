#include <unistd.h>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/trace_filter.hpp"
#include "core/home/paths.hpp"
#include "core/home/traces/exchange/trace_export.hpp"

namespace jarvis {

namespace {

/** To a terminal with hidden characters as escapes; else byte for byte. Ends when it is not taken
 * any more: Output::finish says why. */
Result<void> export_to_stdout(const std::filesystem::path& store, const TraceFilter& filter,
                              const Output& output) {
  const bool to_terminal = ::isatty(STDOUT_FILENO) != 0;
  const auto write = [&](const std::string& line) -> Result<void> {
    if (output.write(to_terminal ? safe_json(line) : line)) return {};
    return Error{ErrorKind::cancelled, "standard output takes no more", ""};
  };
  const auto count = export_traces(store, filter, write);
  if (!count && output.flush()) return count.error();
  return {};
}

}  // namespace

Result<int> traces_export(Application& application, const Arguments& arguments, Output& output) {
  const auto filter = trace_filter(arguments);
  if (!filter) return filter.error();
  const auto store = application.home_path() / kTracesFile;
  const std::string file = arguments.text("file", "-");
  if (file == "-" && output.json())
    return Error{ErrorKind::usage, "with --json the traces need a file to go to",
                 "name one: 'traces export FILE --json'"};
  if (file == "-") {
    if (auto done = export_to_stdout(store, *filter, output); !done) return done.error();
    return 0;
  }
  const auto count = export_traces(store, *filter, file);
  if (!count) return count.error();
  output.document({{"exported", *count}, {"file", file}});
  output.line("Exported " + std::to_string(*count) + (*count == 1 ? " trace" : " traces") + " to " +
              file + ".");
  return 0;
}

}  // namespace jarvis
