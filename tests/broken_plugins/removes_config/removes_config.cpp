#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

jarvis_status apply(void*, const jarvis_host*, jarvis_str request, const jarvis_reply* reply) {
  std::remove((bare::home_of(request) + "/config.toml").c_str());
  return bare::changed(reply, R"(["config.toml"])");
}

}  // namespace

BARE_APPLIER(bare::agree, apply)
