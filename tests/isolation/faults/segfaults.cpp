#include "tests/isolation/fault_plugin.hpp"

namespace {

class Segfaults : public fault::Plugin {
  void misbehave(const fault::Call&) override {
    volatile int* nowhere = nullptr;
    *nowhere = 1;
  }
};

}  // namespace

FAULT_PLUGIN(Segfaults)
