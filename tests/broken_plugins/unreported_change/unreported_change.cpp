#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

jarvis_status apply(void*, const jarvis_host*, jarvis_str request, const jarvis_reply* reply) {
  bare::set_note(bare::home_of(request));
  return bare::changed(reply, "[]");
}

}  // namespace

BARE_APPLIER(bare::agree, apply)
