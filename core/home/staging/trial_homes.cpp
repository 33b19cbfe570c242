#include "core/home/staging/trial_homes.hpp"

#include <cstdlib>

#include "core/base/atomic_file.hpp"
#include "core/home/live_home.hpp"
#include "core/home/paths.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr const char* kHome = "home";
constexpr const char* kBase = "base";

}  // namespace

Result<std::unique_ptr<TrialHomes>> TrialHomes::make(const std::optional<fs::path>& copied) {
  std::error_code error;
  if (copied && !fs::exists(*copied / kConfigFile, error))
    return Error{ErrorKind::not_found, "there is no home at '" + copied->string() + "'",
                 "name a folder with a config.toml"};
  std::string pattern = (fs::temp_directory_path(error) / "jarvis-check-XXXXXX").string();
  if (!::mkdtemp(pattern.data()))
    return Error{ErrorKind::io, "cannot make a folder like '" + pattern + "'",
                 "set TMPDIR to a folder that you may write to"};
  std::unique_ptr<TrialHomes> homes(new TrialHomes(fs::canonical(pattern, error), copied));
  if (auto made = make_private_directory(homes->staging()); !made) return made.error();
  return homes;
}

TrialHomes::TrialHomes(fs::path folder, const std::optional<fs::path>& copied)
    : folder_(std::move(folder)), copied_(copied), stager_(folder_ / kHome) {}

TrialHomes::~TrialHomes() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

fs::path TrialHomes::staging() const {
  return folder_ / kHome / kStagingFolder;
}

Result<void> TrialHomes::write_base(const std::map<std::string, std::string>& files) {
  std::error_code error;
  const fs::path base = folder_ / kBase;
  if (files == base_ && fs::exists(base, error)) return {};
  fs::remove_all(base, error);
  for (const auto& [path, text] : files) {
    if (auto made = make_private_directory((base / path).parent_path()); !made) return made;
    if (auto written = write_file_atomically(base / path, text); !written) return written;
  }
  base_ = files;
  return {};
}

Result<std::unique_ptr<HomeStage>> TrialHomes::stage(
    const std::map<std::string, std::string>& files) {
  const std::string name = "trial-" + std::to_string(++count_);
  if (copied_) return stager_.stage(LiveHome(*copied_), name);
  if (auto written = write_base(files); !written) return written.error();
  return stager_.stage(LiveHome(folder_ / kBase), name);
}

}  // namespace jarvis
