#include "core/host/check/plugin_check.hpp"

#include <jarvis/abi/interfaces.h>

#include <jarvis/text/toml_document.hpp>

#include "config/embedded.hpp"
#include "core/host/check/applier_check.hpp"
#include "core/host/check/behaviour_check.hpp"
#include "core/host/check/library_check.hpp"
#include "core/host/check/made_up_home.hpp"
#include "core/host/check/manifest_check.hpp"
#include "core/host/check/requests.hpp"
#include "core/host/ownership.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr const char* kRest = "what the library does";

/** A plugin's folder, and its library where that was named. */
struct Place {
  fs::path folder;
  fs::path library;
};

Result<Place> place_of(const fs::path& given) {
  std::error_code error;
  if (!fs::exists(given, error))
    return Error{ErrorKind::not_found, "there is no '" + given.string() + "'",
                 "name the plugin's library or its folder"};
  // The folder is made plain, the library's name stays what it is: it may be a link.
  if (fs::is_directory(given, error)) return Place{fs::canonical(given, error), {}};
  const fs::path folder = fs::canonical(fs::absolute(given, error).parent_path(), error);
  return Place{folder, folder / given.filename()};
}

std::vector<std::string> forbidden_keys() {
  const auto table = text::TomlDocument::parse(std::string(embedded_file("ops.toml")), "ops.toml");
  return sdk::strings_of(
      sdk::optional_array(sdk::optional_object(table.values(), "forbidden"), "keys"));
}

void check_owner(const fs::path& path, const std::string& what, CheckReport& report) {
  report.judge("only you can write to " + what, ownership_problem(path), kOwnershipHint);
}

bool provides(const Manifest& manifest, const std::string& interface) {
  for (const Provided& provided : manifest.provides)
    if (provided.interface == interface) return true;
  return false;
}

void check_behaviour(Subject& subject, const std::vector<std::string>& forbidden,
                     const CheckBench& bench, CheckReport& report) {
  for (const Provided& provided : subject.manifest().provides) {
    subject.forget_hangs();
    const bool is_op = provided.interface == JARVIS_EDIT_APPLIER_1;
    const auto home = bench.stage(made_up_homes(provided).front());
    if (!home) return report.fail(kRest, home.error().message, home.error().hint);
    check_malformed_requests(subject, provided, (*home)->root().string(), report);
    if (is_op)
      check_applier(subject, provided, forbidden, bench, report);
    else
      check_services_and_threads(subject, provided, (*home)->root().string(), report);
  }
}

void check_all(const Place& place, const CheckBench& bench, CheckReport& report) {
  const auto forbidden = forbidden_keys();
  check_owner(place.folder, "the folder", report);
  check_owner(place.folder / "plugin.toml", "plugin.toml", report);
  const auto manifest = check_manifest(place.folder, forbidden, report);
  if (!manifest) {
    report.skip("the library", "plugin.toml is to be mended first");
    return;
  }
  if (report.library.empty()) report.library = manifest->library;
  check_owner(report.library, "the library", report);
  if (!check_library(*manifest, report.library, report)) {
    report.skip(kRest, "none of its code was run: what is above is to be mended first");
    return;
  }
  // As in a session: a student reads the home, an op writes into a scratch copy.
  IsolationLimits limits = bench.limits;
  if (provides(*manifest, JARVIS_STUDENT_RUNNER_1)) limits.readable.push_back(bench.folder);
  Subject subject(*manifest, sample_object(manifest->settings_schema), limits);
  if (!check_loading(subject, report)) {
    report.skip(kRest, "it must load and offer its functions first");
    return;
  }
  check_behaviour(subject, forbidden, bench, report);
}

}  // namespace

Result<CheckReport> check_plugin(const fs::path& given, const CheckBench& bench) try {
  const auto place = place_of(given);
  if (!place) return place.error();
  CheckReport report;
  report.library = place->library;
  report.manifest.directory = place->folder;
  check_all(*place, bench, report);
  return report;
} catch (const std::exception& error) {
  return Error{ErrorKind::internal, "cannot check '" + given.string() + "': " + error.what(), ""};
}

}  // namespace jarvis
