#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

jarvis_status apply(void*, const jarvis_host* host, jarvis_str, const jarvis_reply* reply) {
  return host->call(host->context, bare::text("http"), bare::text("{}"), reply);
}

}  // namespace

BARE_APPLIER(bare::agree, apply)
