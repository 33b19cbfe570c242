#include <cstdlib>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class Aborts : public fault::Plugin {
  void misbehave(const fault::Call&) override { std::abort(); }
};

}  // namespace

FAULT_PLUGIN(Aborts)
