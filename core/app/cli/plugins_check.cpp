#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/home/staging/trial_homes.hpp"
#include "core/host/check/plugin_check.hpp"

namespace jarvis {

namespace {

// Long enough for a loaded machine, short enough to wait for a plugin that hangs.
constexpr double kCallSeconds = 10;
constexpr double kStartSeconds = 10;
constexpr std::uint64_t kMemory = std::uint64_t{512} << 20;

json::object report_document(const CheckReport& report) {
  json::array checks;
  for (const CheckLine& line : report.lines)
    checks.push_back(json::object{{"name", line.name},
                                  {"status", to_string(line.status)},
                                  {"message", text_or_null(line.message)},
                                  {"hint", text_or_null(line.hint)}});
  return {{"plugin",
           {{"name", report.manifest.id},
            {"version", report.manifest.version},
            {"path",
             report.library.empty() ? report.manifest.directory.string() : report.library.string()},
            {"sha256", text_or_null(report.sha256)}}},
          {"ok", report.ok()},
          {"checks", std::move(checks)}};
}

const char* word_for(CheckStatus status) {
  switch (status) {
    case CheckStatus::pass:
      return "pass  ";
    case CheckStatus::fail:
      return "FAIL  ";
    case CheckStatus::skipped:
      return "skip  ";
  }
  return "";
}

void print(const CheckReport& report, const Output& output) {
  std::size_t checks = 0;
  for (const CheckLine& line : report.lines) {
    output.line(word_for(line.status) + line.name +
                (line.message.empty() ? "" : ": " + line.message));
    if (!line.hint.empty()) output.line("      mend: " + line.hint);
    if (line.status != CheckStatus::skipped) ++checks;
  }
  output.line();
  if (report.ok())
    output.line(std::to_string(checks) + " checks, all passed");
  else
    output.line(std::to_string(report.failures()) + " of " + std::to_string(checks) + " failed");
}

}  // namespace

Result<int> plugins_check(Application&, const Arguments& arguments, Output& output) {
  std::optional<std::filesystem::path> copied;
  if (arguments.has("--copy-of")) copied = arguments.text("--copy-of");
  const auto homes = TrialHomes::make(copied);
  if (!homes) return homes.error();
  CheckBench bench;
  bench.folder = (*homes)->folder();
  bench.limits.call_seconds = kCallSeconds;
  bench.limits.start_seconds = kStartSeconds;
  bench.limits.memory_bytes = kMemory;
  bench.limits.writable = {(*homes)->staging()};
  bench.stage = [&](const HomeFiles& files) { return (*homes)->stage(files); };
  bench.fixed_home = copied.has_value();
  const auto report = check_plugin(arguments.text("plugin"), bench);
  if (!report) return report.error();
  output.document(report_document(*report));
  print(*report, output);
  return report->ok() ? 0 : 1;
}

}  // namespace jarvis
