#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis {

/** One setting as it is in force, and where it comes from. */
struct SettingOrigin {
  std::string key;          ///< "learning.distillation.gate.full_benchmark"
  std::string value;        ///< as TOML writes it; secrets are "[removed]"
  std::optional<int> line;  ///< of config.toml; nothing: the default
};

/** Every setting of `[learning.distillation]`, then whatever else config.toml holds; the values of a
 * table before the tables in it. The errors are those of load_settings. */
Result<std::vector<SettingOrigin>> setting_origins(const HomeView& home);

}  // namespace jarvis
