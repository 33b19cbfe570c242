#include <unistd.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class WritesGarbageToTheSocket : public fault::Plugin {
  void misbehave(const fault::Call&) override {
    const std::string garbage = "this is no frame";
    if (::write(3, garbage.data(), garbage.size()) < 0) throw fault::sdk::refused("it cannot");
  }
};

}  // namespace

FAULT_PLUGIN(WritesGarbageToTheSocket)
