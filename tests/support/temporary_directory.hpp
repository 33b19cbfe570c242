#pragma once

#include <filesystem>
#include <string>

namespace jarvis::testing {

/** A new directory (0700) that is removed with the object. */
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /** Writes a file below it, with its folders; gives its path. */
  std::filesystem::path write(const std::string& relative, const std::string& text) const;
  std::string read(const std::string& relative) const;

 private:
  std::filesystem::path path_;
};

}  // namespace jarvis::testing
