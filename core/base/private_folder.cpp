#include "core/base/private_folder.hpp"

#include <cstdlib>

namespace jarvis {

namespace fs = std::filesystem;

PrivateFolder::PrivateFolder(const std::string& name) {
  std::error_code error;
  std::string pattern = (fs::temp_directory_path(error) / (name + "-XXXXXX")).string();
  if (!error && ::mkdtemp(pattern.data())) path_ = pattern;
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace jarvis
