#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

constexpr jarvis_plugin broken() {
  jarvis_plugin entry = bare::entry(bare::plain_applier);
  entry.abi_major = JARVIS_ABI_MAJOR + 1;
  return entry;
}

}  // namespace

BARE_PLUGIN(broken())
