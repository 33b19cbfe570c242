#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/host/check/report.hpp"
#include "core/host/isolation/limits.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis {

/** A home's files, by their paths relative to it. */
using HomeFiles = std::map<std::string, std::string>;

/** Where a plugin is tried. */
struct CheckBench {
  /** All scratch homes and what they were made from lie below; nothing else writes there. */
  std::filesystem::path folder;
  /** Of the plugin's processes. `writable` has the folder of the scratch homes. */
  IsolationLimits limits;
  /** Makes a scratch home with these files; one of a bench with a `fixed_home` may pass over them.
   */
  std::function<Result<std::unique_ptr<HomeStage>>(const HomeFiles& files)> stage;
  bool fixed_home = false;
};

/** Judges a plugin that need be neither installed nor allowed. `place` is its library or its
 * folder. Its code runs in processes of its own, which it may crash or hang; every fault is a line
 * of the report. An error only where there is nothing to judge: not_found. */
Result<CheckReport> check_plugin(const std::filesystem::path& place, const CheckBench& bench);

}  // namespace jarvis
