#include <unistd.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class ClosesTheSocket : public fault::Plugin {
  void misbehave(const fault::Call&) override { ::close(3); }
};

}  // namespace

FAULT_PLUGIN(ClosesTheSocket)
