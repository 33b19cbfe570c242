#include <cstdlib>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class CrashesInDeinit : public fault::Plugin {
 public:
  ~CrashesInDeinit() override { std::abort(); }
};

}  // namespace

FAULT_PLUGIN(CrashesInDeinit)
