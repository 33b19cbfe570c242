#include "tests/isolation/bare_fault.hpp"

namespace {

jarvis_status broken(const jarvis_reply*) {
  throw std::runtime_error("from a function of the interface");
}

}  // namespace

BARE_FAULT(broken)
