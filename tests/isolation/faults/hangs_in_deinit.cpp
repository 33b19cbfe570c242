#include <unistd.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class HangsInDeinit : public fault::Plugin {
 public:
  ~HangsInDeinit() override {
    for (;;) ::sleep(1000);
  }
};

}  // namespace

FAULT_PLUGIN(HangsInDeinit)
