#include <cstdlib>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class Exits : public fault::Plugin {
  void misbehave(const fault::Call&) override { std::exit(0); }
};

}  // namespace

FAULT_PLUGIN(Exits)
