#include "tests/isolation/fault_plugin.hpp"

namespace {

class HeedsCancel : public fault::Plugin {
  void misbehave(const fault::Call& call) override {
    while (!call.host.cancelled()) continue;
    throw fault::sdk::Failure(JARVIS_CANCELLED, "stopped as it was asked to");
  }
};

}  // namespace

FAULT_PLUGIN(HeedsCancel)
