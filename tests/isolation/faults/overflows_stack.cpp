#include "tests/isolation/fault_plugin.hpp"

namespace {

/** A stack frame for each level, as deep as `deeper` holds. */
int depth(int level, const volatile bool& deeper) {
  volatile char room[4096] = {};
  if (!deeper) return room[0];
  return depth(level + 1, deeper) + 1 + room[level % 4096];
}

class OverflowsStack : public fault::Plugin {
  void misbehave(const fault::Call&) override {
    volatile bool deeper = true;
    if (depth(0, deeper) == 0) throw fault::sdk::refused("the stack has an end");
  }
};

}  // namespace

FAULT_PLUGIN(OverflowsStack)
