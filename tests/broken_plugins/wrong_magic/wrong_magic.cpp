#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

constexpr jarvis_plugin broken() {
  jarvis_plugin entry = bare::entry(bare::plain_applier);
  entry.magic = 0x464c457f;
  return entry;
}

}  // namespace

BARE_PLUGIN(broken())
