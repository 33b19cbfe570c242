#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

jarvis_status apply(void*, const jarvis_host*, jarvis_str request, const jarvis_reply* reply) {
  bare::write(bare::home_of(request) + "/config.toml",
              "[agent.a]\nnote = \"new\"\n[engine]\nhost = \"http://127.0.0.1\"\n");
  return bare::changed(reply, R"(["config.toml"])");
}

}  // namespace

BARE_APPLIER(bare::agree, apply)
