#include "tests/isolation/bare_fault.hpp"

namespace {

jarvis_status broken(const jarvis_reply* reply) {
  return bare::fail(reply, JARVIS_REFUSED, "too long: " + std::string(std::size_t{60} << 20, '"'));
}

}  // namespace

BARE_FAULT(broken)
