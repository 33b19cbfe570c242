#include <cstdlib>
#include <iostream>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class CrashesWithLastWords : public fault::Plugin {
  void misbehave(const fault::Call&) override {
    std::cerr << "first words" << std::string(1000, '.') << "\x1b[31mlast words\n" << std::flush;
    std::abort();
  }
};

}  // namespace

FAULT_PLUGIN(CrashesWithLastWords)
