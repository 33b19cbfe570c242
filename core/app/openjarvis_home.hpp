#pragma once

#include <optional>
#include <string>

#include "core/model/result.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis {

/** What a home says about whose it is. */
struct HomeOrigin {
  /** What shows that OpenJarvis made it ("its config.toml has [security]"); empty: nothing does. */
  std::string sign;
  bool names_dialect = false;       ///< learning.distillation.student.dialect is set, to whatever
  std::optional<int> student_line;  ///< of [learning.distillation.student] in config.toml
};

/** Reads config.toml and looks for files that only OpenJarvis makes. The error is that of a
 * config.toml that cannot be read. */
Result<HomeOrigin> origin_of(const HomeView& home);

}  // namespace jarvis
