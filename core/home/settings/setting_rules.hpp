#pragma once

#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

/** What a setting's value must be, beyond the type of its default. */
struct SettingRule {
  std::string key;     ///< below learning.distillation: "gate.min_improvement"
  std::string values;  ///< in words: "0 to 1"; empty: any of the type
};

/** The rule of every setting, as load_settings checks it. */
Result<std::vector<SettingRule>> setting_rules();

}  // namespace jarvis
