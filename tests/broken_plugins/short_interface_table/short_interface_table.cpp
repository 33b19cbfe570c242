#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

const void* get_interface(void*, jarvis_str) {
  static const jarvis_edit_applier_1 table{8, 0, nullptr, nullptr};
  return &table;
}

}  // namespace

BARE_PLUGIN(bare::entry(get_interface))
