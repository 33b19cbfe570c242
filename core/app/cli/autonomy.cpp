#include "core/app/cli/autonomy.hpp"

namespace jarvis {

Result<Autonomy> autonomy_of(Application& application, const Arguments& arguments) {
  if (arguments.has("--autonomy")) return *autonomy_from(arguments.text("--autonomy"));
  const auto settings = application.settings();
  if (!settings) return settings.error();
  return (*settings)->autonomy;
}

}  // namespace jarvis
