#include <algorithm>
#include <cstdint>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/unified_diff.hpp>
#include <string>

#include "tests/fuzz/require.hpp"

// The prompt, a line "=====", the diff.

namespace {

using jarvis::fuzz::require;

constexpr const char* kBorder = "\n=====\n";

std::ptrdiff_t lines_of(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::size_t border = input.find(kBorder);
  if (border == std::string::npos) return 0;
  const std::string prompt = input.substr(0, border + 1);
  const std::string diff = input.substr(border + 7);
  try {
    const std::string result = jarvis::text::apply_unified_diff(prompt, diff);
    require(diff.find("@@") != std::string::npos, "what is applied has a hunk");
    require(std::abs(lines_of(result) - lines_of(prompt)) <= lines_of(diff) + 1,
            "no more lines come or go than the diff has");
    require(result.size() <= prompt.size() + 2 * diff.size() + 2,
            "every added byte is in the diff");
  } catch (const jarvis::sdk::Failure& failure) {
    require(failure.status() == JARVIS_REFUSED, "what does not apply is refused");
    require(*failure.what() != '\0' && !failure.hint().empty(),
            "a refusal has a reason and a hint");
  }
  return 0;
}
