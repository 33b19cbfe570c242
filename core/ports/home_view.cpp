#include "core/ports/home_view.hpp"

#include <algorithm>

#include "core/base/digest.hpp"

namespace jarvis {

std::optional<std::string> content_of(const HomeView& home, const std::string& relative) {
  auto content = home.read(relative);
  return content ? std::make_optional(std::move(*content)) : std::nullopt;
}

Result<std::string> fingerprint_of(const HomeView& home) {
  const auto files = home.tracked_files();
  if (!files) return files.error();
  std::vector<std::string> sorted = *files;
  std::sort(sorted.begin(), sorted.end());
  std::string all;
  for (const std::string& file : sorted) {
    const auto bytes = home.read(file);
    if (!bytes) return bytes.error();
    // With the lengths in front, no two different homes give the same text.
    all += std::to_string(file.size()) + ":" + file + std::to_string(bytes->size()) + ":" + *bytes;
  }
  return sha256(all);
}

}  // namespace jarvis
