#include <unistd.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class HangsInInit : public fault::Plugin {
 public:
  HangsInInit() {
    for (;;) ::sleep(1000);
  }
};

}  // namespace

FAULT_PLUGIN(HangsInInit)
