#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/base/atomic_file.hpp"
#include "core/home/paths.hpp"
#include "core/home/traces/exchange/trace_import.hpp"

namespace jarvis {

namespace {

std::optional<TraceFormat> format_of(const std::string& name) {
  if (name == "jsonl") return TraceFormat::jsonl;
  if (name == "openai") return TraceFormat::openai;
  if (name == "otlp") return TraceFormat::otlp;
  if (name == "traces-db") return TraceFormat::traces_db;
  return std::nullopt;
}

std::string counted(std::int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void print_bad(const ImportReport& report, const Output& output) {
  if (report.bad_count == 0) return;
  output.line(counted(report.bad_count, "record") + " could not be used:");
  for (const BadRecord& bad : report.bad) {
    const std::string place = bad.line > 0 ? ":" + std::to_string(bad.line) : "";
    output.line("  " + bad.file + place + ": " + bad.reason);
  }
  const auto more = report.bad_count - static_cast<std::int64_t>(report.bad.size());
  if (more > 0) output.line("  and " + std::to_string(more) + " more");
}

json::object document_of(const ImportReport& report) {
  json::array bad;
  for (const BadRecord& record : report.bad)
    bad.push_back(
        json::object{{"file", record.file}, {"line", record.line}, {"reason", record.reason}});
  return {{"imported", report.imported},
          {"already_there", report.already_there},
          {"bad", std::move(bad)},
          {"bad_count", report.bad_count}};
}

}  // namespace

Result<int> traces_import(Application& application, const Arguments& arguments, Output& output) {
  ImportOptions options;
  options.format = format_of(arguments.text("--format", "auto"));
  options.agent = arguments.text("--agent", options.agent);
  if (auto made = make_private_directory(application.home_path()); !made) return made.error();
  const auto report =
      import_traces(application.home_path() / kTracesFile, arguments.list("file"), options);
  if (!report) return report.error();
  output.document(document_of(*report));
  output.line("Imported " + counted(report->imported, "trace") + "; " +
              std::to_string(report->already_there) + " already there.");
  print_bad(*report, output);
  const bool nothing_read = report->imported + report->already_there == 0;
  return nothing_read && report->bad_count > 0 ? 1 : 0;
}

}  // namespace jarvis
