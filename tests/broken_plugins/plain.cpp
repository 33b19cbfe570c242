// The library of every plugin whose fault lies in its manifest or in its files.
#include "tests/broken_plugins/bare_plugin.hpp"

BARE_PLUGIN(bare::entry(bare::plain_applier))
