#include "tests/isolation/fault_plugin.hpp"

namespace {

class CallsBack : public fault::Plugin {
  void misbehave(const fault::Call& call) override {
    for (int i = 0; i < 1000; ++i) {
      const fault::sdk::json::object request{{"number", i}};
      if (call.host.call("echo", request) != request) throw fault::sdk::refused("not my words");
    }
  }
};

}  // namespace

FAULT_PLUGIN(CallsBack)
