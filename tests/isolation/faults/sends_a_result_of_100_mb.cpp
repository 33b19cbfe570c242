#include "tests/isolation/bare_fault.hpp"

namespace {

jarvis_status broken(const jarvis_reply* reply) {
  return bare::answer(reply, "{\"text\":\"" + std::string(std::size_t{100} << 20, 'x') + "\"}");
}

}  // namespace

BARE_FAULT(broken)
