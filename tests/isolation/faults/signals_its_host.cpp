#include <signal.h>
#include <unistd.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class SignalsItsHost : public fault::Plugin {
  void misbehave(const fault::Call&) override {
    if (::kill(::getppid(), 0) == 0) throw fault::sdk::refused("it could");
  }
};

}  // namespace

FAULT_PLUGIN(SignalsItsHost)
