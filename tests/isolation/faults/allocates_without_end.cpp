#include <memory>
#include <vector>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class AllocatesWithoutEnd : public fault::Plugin {
  void misbehave(const fault::Call&) override {
    std::vector<std::unique_ptr<char[]>> pieces;
    for (;;) pieces.push_back(std::make_unique<char[]>(std::size_t{1} << 20));
  }
};

}  // namespace

FAULT_PLUGIN(AllocatesWithoutEnd)
