#pragma once

#include <filesystem>
#include <string>

namespace jarvis {

/** A folder for temporary files that nobody else can look into; it goes with the object, and all in
 * it. */
class PrivateFolder {
 public:
  /** Its name begins with `name`. */
  explicit PrivateFolder(const std::string& name);
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  /** Empty when it could not be made. */
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace jarvis
