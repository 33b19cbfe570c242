#include <cstdlib>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class CrashesInInit : public fault::Plugin {
 public:
  CrashesInInit() { std::abort(); }
};

}  // namespace

FAULT_PLUGIN(CrashesInInit)
