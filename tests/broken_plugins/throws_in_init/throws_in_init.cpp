#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

jarvis_status init(const jarvis_host*, const jarvis_reply*, void**) {
  throw std::runtime_error("from init");
}

constexpr jarvis_plugin broken() {
  jarvis_plugin entry = bare::entry(bare::plain_applier);
  entry.init = init;
  return entry;
}

}  // namespace

BARE_PLUGIN(broken())
