#include "tests/isolation/fault_plugin.hpp"

namespace {

class SendsARequestOf65Mb : public fault::Plugin {
  void misbehave(const fault::Call& call) override {
    call.host.call("echo", {{"text", std::string(std::size_t{65} << 20, 'x')}});
  }
};

}  // namespace

FAULT_PLUGIN(SendsARequestOf65Mb)
