#include <optional>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/holding.hpp"

namespace jarvis {

Result<int> learning_init(Application& application, const Arguments&, Output& output) {
  std::optional<HomeLock> lock;
  if (!application.is_initialised()) {
    auto held = hold_home(application, "learning init");
    if (!held) return held.error();
    lock = std::move(*held);
  }
  const auto made = application.initialise();
  if (!made) return made.error();
  output.document({{"home", application.home_path().string()}, {"created", *made}});
  if (*made)
    output.line("Made " + application.home_path().string() +
                "/learning and the checkpoint repository.");
  else
    output.line(application.home_path().string() + " is initialised already: nothing was changed.");
  return 0;
}

}  // namespace jarvis
