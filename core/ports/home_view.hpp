#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

/** A home that may be read: the live one or a staged copy. */
class HomeView {
 public:
  virtual ~HomeView() = default;
  virtual const std::filesystem::path& root() const = 0;
  /** A file's bytes, by its path relative to the home; not_found when it does not exist. Never
   * follows a link out of the home. */
  virtual Result<std::string> read(const std::string& relative) const = 0;
  /** The tracked files that exist (config.toml and all below agents/ and tools/), sorted. */
  virtual Result<std::vector<std::string>> tracked_files() const = 0;
};

/** A file's bytes; nothing when it cannot be read. */
std::optional<std::string> content_of(const HomeView& home, const std::string& relative);

/** SHA-256 over names and bytes of the home's tracked files. */
Result<std::string> fingerprint_of(const HomeView& home);

}  // namespace jarvis
