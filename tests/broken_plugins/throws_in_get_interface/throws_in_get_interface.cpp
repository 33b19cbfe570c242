#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

const void* get_interface(void*, jarvis_str) {
  throw 42;
}

}  // namespace

BARE_PLUGIN(bare::entry(get_interface))
