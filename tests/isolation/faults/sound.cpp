#include "tests/isolation/fault_plugin.hpp"

FAULT_PLUGIN(fault::Plugin)
