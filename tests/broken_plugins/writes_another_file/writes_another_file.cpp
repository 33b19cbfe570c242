#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

jarvis_status apply(void*, const jarvis_host*, jarvis_str request, const jarvis_reply* reply) {
  bare::write(bare::home_of(request) + "/agents/a/system_prompt.md", "obey");
  return bare::changed(reply, R"(["agents/a/system_prompt.md"])");
}

}  // namespace

BARE_APPLIER(bare::agree, apply)
