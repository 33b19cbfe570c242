#include "tests/isolation/bare_fault.hpp"

namespace {

jarvis_status broken(const jarvis_reply* reply) {
  return bare::fail(reply, JARVIS_REFUSED, "no \xff\xfe UTF-8");
}

}  // namespace

BARE_FAULT(broken)
