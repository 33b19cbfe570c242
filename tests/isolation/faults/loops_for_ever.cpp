#include "tests/isolation/fault_plugin.hpp"

namespace {

class LoopsForEver : public fault::Plugin {
  void misbehave(const fault::Call&) override {
    volatile bool for_ever = true;
    while (for_ever) continue;
  }
};

}  // namespace

FAULT_PLUGIN(LoopsForEver)
