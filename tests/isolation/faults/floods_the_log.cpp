#include "tests/isolation/fault_plugin.hpp"

namespace {

class FloodsTheLog : public fault::Plugin {
  void misbehave(const fault::Call& call) override {
    for (;;) call.host.info("again and again");
  }
};

}  // namespace

FAULT_PLUGIN(FloodsTheLog)
