#include "tests/isolation/fault_plugin.hpp"

namespace {

class IgnoresCancel : public fault::Plugin {
  void misbehave(const fault::Call& call) override {
    for (;;) call.host.cancelled();
  }
};

}  // namespace

FAULT_PLUGIN(IgnoresCancel)
