#include "core/host/check/library_check.hpp"

#include <jarvis/abi/plugin.h>

#include <algorithm>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "core/host/check/elf_file.hpp"
#include "core/host/library_file.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kNamed = 3;

/** What is wrong with the exported names, or nothing. */
std::string symbols_problem(std::string_view bytes) {
  const auto symbols = exported_symbols(bytes);
  if (!symbols) return symbols.error().message;
  const auto entry = std::find(symbols->begin(), symbols->end(), JARVIS_ENTRY_SYMBOL);
  if (entry == symbols->end()) return "it does not export '" JARVIS_ENTRY_SYMBOL "'";
  if (symbols->size() == 1) return {};
  std::string others;
  std::size_t named = 0;
  for (const std::string& symbol : *symbols)
    if (symbol != JARVIS_ENTRY_SYMBOL && named++ < kNamed) others += " '" + symbol + "'";
  if (named > kNamed) others += " …";
  return "it exports " + std::to_string(symbols->size()) + ", beside the entry" + others;
}

/** Whether a plugin can do without the function: validate and probe spare a later surprise. */
bool is_optional(PluginFunction function) {
  return function == PluginFunction::edit_validate || function == PluginFunction::student_probe;
}

std::string missing_functions(const Subject& subject) {
  for (const Provided& provided : subject.manifest().provides)
    for (const PluginFunction function : kPluginFunctions)
      if (interface_of(function) == provided.interface && !is_optional(function) &&
          !subject.offers(function))
        return "it does not offer '" + std::string(to_string(function)) + "' (" +
               provided.interface + ")";
  return {};
}

}  // namespace

bool check_library(const Manifest& manifest, const std::filesystem::path& library,
                   CheckReport& report) {
  const std::string named = "the library is the file that plugin.toml names";
  const auto bytes = read_file(library);
  if (!bytes) {
    report.fail(named, bytes.error().message, "build the plugin again");
    return false;
  }
  report.sha256 = sha256(*bytes);
  std::string problem;
  if (library.filename() != manifest.library.filename())
    problem = "it names '" + manifest.library.filename().string() + "'";
  else if (report.sha256 != manifest.sha256)
    problem = "its sha256 is " + report.sha256.substr(0, 12) + "…, plugin.toml says " +
              manifest.sha256.substr(0, 12) + "…";
  bool fine =
      report.judge(named, problem, "build the plugin again: the build writes library and sha256");
  fine &= report.judge("is built for this machine",
                       is_for_this_machine(*bytes) ? "" : "it is no library for this processor",
                       "build it here, or for this machine");
  // What is exported too much does not keep the host from loading it.
  const auto symbols = symbols_problem(*bytes);
  report.judge("exports exactly one symbol", symbols,
               "link with the SDK's plugin.map, as jarvis_add_plugin() does, and use "
               "JARVIS_PLUGIN once");
  const std::string loader = "the host's loader accepts the file";
  if (!fine) {
    report.skip(loader, "what is above is to be mended first");
    return false;
  }
  const auto accepted = check_library_file(manifest);
  if (!accepted && !symbols.empty()) {
    report.skip(loader, "what is above is to be mended first");
    return false;
  }
  return report.judge(loader, accepted ? "" : accepted.error().message,
                      accepted ? "" : accepted.error().hint);
}

bool check_loading(Subject& subject, CheckReport& report) {
  const auto started = subject.start();
  if (!report.judge("loads, and is what plugin.toml says: id, version, interfaces",
                    started ? "" : started.error().message, started ? "" : started.error().hint))
    return false;
  return report.judge("offers every function of its interfaces", missing_functions(subject),
                      "implement it; a struct of functions begins with its own size");
}

}  // namespace jarvis
