#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

jarvis_status apply(void*, const jarvis_host*, jarvis_str request, const jarvis_reply* reply) {
  bare::write(bare::home_of(request) + "/config.toml",
              "engine = \"mine\"\n[agent.a]\nnote = \"old\"\n");
  return bare::changed(reply, R"(["config.toml"])");
}

}  // namespace

BARE_APPLIER(bare::agree, apply)
