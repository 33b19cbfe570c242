#include "tests/broken_plugins/bare_plugin.hpp"

BARE_PLUGIN(bare::entry(bare::plain_applier))
