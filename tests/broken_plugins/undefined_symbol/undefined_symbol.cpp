#include "tests/broken_plugins/bare_plugin.hpp"

extern "C" void jarvis_no_such_function();

namespace {

jarvis_status apply(void*, const jarvis_host*, jarvis_str, const jarvis_reply* reply) {
  jarvis_no_such_function();
  return bare::answer(reply, "{}");
}

}  // namespace

BARE_APPLIER(bare::agree, apply)
