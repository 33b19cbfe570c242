#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "tests/isolation/fault_plugin.hpp"

namespace {

std::string contents(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

class ReadsASecret : public fault::Plugin {
  /** The words name a file that holds a secret, as does ANTHROPIC_API_KEY of the host. */
  void misbehave(const fault::Call& call) override {
    std::vector<std::string> reached;
    if (std::getenv("ANTHROPIC_API_KEY")) reached.emplace_back("its environment");
    if (!contents(call.words).empty()) reached.emplace_back("a file");
    const std::string host = "/proc/" + std::to_string(::getppid());
    for (const char* file : {"/environ", "/mem", "/maps"})
      if (!contents(host + file).empty()) reached.push_back("the host's " + std::string(file));
    fault::complain("it saw", reached);
  }
};

}  // namespace

FAULT_PLUGIN(ReadsASecret)
