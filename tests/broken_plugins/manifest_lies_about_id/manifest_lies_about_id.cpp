#include "tests/broken_plugins/bare_plugin.hpp"

namespace {

constexpr jarvis_plugin broken() {
  jarvis_plugin entry = bare::entry(bare::plain_applier);
  entry.id = bare::text("somebody_else");
  return entry;
}

}  // namespace

BARE_PLUGIN(broken())
