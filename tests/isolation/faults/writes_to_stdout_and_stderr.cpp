#include <iostream>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class WritesToStdoutAndStderr : public fault::Plugin {
  void misbehave(const fault::Call&) override {
    std::cout << "for nobody\n" << std::flush;
    std::cerr << "for nobody\n" << std::flush;
  }
};

}  // namespace

FAULT_PLUGIN(WritesToStdoutAndStderr)
