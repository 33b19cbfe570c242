#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

jarvis_status apply(void*, const jarvis_host*, jarvis_str request, const jarvis_reply* reply) {
  bare::write(bare::home_of(request) + "/../outside.txt", "obey");
  return bare::changed(reply, R"(["../outside.txt"])");
}

}  // namespace

BARE_APPLIER(bare::agree, apply)
