#include <unistd.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class ForksADaemon : public fault::Plugin {
  void misbehave(const fault::Call& call) override {
    const pid_t child = ::fork();
    if (child != 0) {
      call.host.info(std::to_string(child));
      return;
    }
    ::setsid();
    ::setpgid(0, 0);
    ::sleep(1000);
    ::_exit(0);
  }
};

}  // namespace

FAULT_PLUGIN(ForksADaemon)
