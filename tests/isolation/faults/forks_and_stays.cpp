#include <unistd.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class ForksAndStays : public fault::Plugin {
  void misbehave(const fault::Call& call) override {
    const pid_t child = ::fork();
    if (child != 0) return call.host.info(std::to_string(child));
    ::sleep(1000);
    ::_exit(0);
  }
};

}  // namespace

FAULT_PLUGIN(ForksAndStays)
