#pragma once

#include <string>
#include <vector>

#include "core/model/json.hpp"

namespace jarvis {

/** What config/ops.toml says of tools that act on the world. */
class SideEffects {
 public:
  /** `table` is all of config/ops.toml. */
  static SideEffects in(const json::object& table);
  /** Of the file as it was when the program was built. */
  static SideEffects built_in();

  /** True when the tool is listed, or has a listed word between underscores; '-' counts as '_'. */
  bool names(const std::string& tool) const;

 private:
  std::vector<std::string> tools_;
  std::vector<std::string> words_;
};

}  // namespace jarvis
