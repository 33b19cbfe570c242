#include <sys/socket.h>
#include <unistd.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class ShutsTheSocket : public fault::Plugin {
  void misbehave(const fault::Call&) override {
    ::shutdown(3, SHUT_RDWR);
    ::sleep(1000);
  }
};

}  // namespace

FAULT_PLUGIN(ShutsTheSocket)
