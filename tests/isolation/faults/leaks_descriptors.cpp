#include <fcntl.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class LeaksDescriptors : public fault::Plugin {
  void misbehave(const fault::Call&) override {
    while (::open("/dev/null", O_RDONLY) >= 0) continue;
  }
};

}  // namespace

FAULT_PLUGIN(LeaksDescriptors)
