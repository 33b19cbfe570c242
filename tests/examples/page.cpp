#include "tests/examples/page.hpp"

#include <sstream>
#include <stdexcept>

namespace jarvis::testing {

namespace {

constexpr const char* kFence = "```";

[[noreturn]] void refuse(std::size_t line, const std::string& what) {
  throw std::runtime_error("line " + std::to_string(line) + ": " + what);
}

}  // namespace

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  std::istringstream lines(page);
  bool is_open = false;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const bool is_fence = line.rfind(kFence, 0) == 0;
    if (is_fence && !is_open) blocks.push_back({number, line.substr(3), ""});
    if (!is_fence && is_open) blocks.back().text += line + "\n";
    if (is_fence) is_open = !is_open;
  }
  if (is_open) refuse(blocks.back().line, "the block has no end");
  return blocks;
}

std::vector<Step> steps_of(const std::vector<Block>& blocks) {
  std::vector<Step> steps;
  for (const Block& block : blocks) {
    if (block.language == "sh") steps.push_back({block.line, block.text, std::nullopt});
    if (block.language != "text") continue;
    if (steps.empty() || steps.back().printed) refuse(block.line, "output of no commands");
    steps.back().printed = block.text;
  }
  return steps;
}

std::string script_of(const std::vector<Step>& steps, const std::filesystem::path& outputs) {
  std::string script = "set -eu -o pipefail\n";
  for (std::size_t i = 0; i < steps.size(); ++i)
    script +=
        "{\n" + steps[i].commands + "} >'" + output_of(outputs, i).string() + "' 2>&1 </dev/null\n";
  return script;
}

std::filesystem::path output_of(const std::filesystem::path& outputs, std::size_t index) {
  return outputs / ("step-" + std::to_string(index));
}

}  // namespace jarvis::testing
