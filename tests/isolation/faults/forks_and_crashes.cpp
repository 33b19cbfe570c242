#include <unistd.h>

#include <cstdlib>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class ForksAndCrashes : public fault::Plugin {
  void misbehave(const fault::Call& call) override {
    const pid_t child = ::fork();
    if (child == 0) {
      ::sleep(1000);
      ::_exit(0);
    }
    call.host.info(std::to_string(child));
    std::abort();
  }
};

}  // namespace

FAULT_PLUGIN(ForksAndCrashes)
