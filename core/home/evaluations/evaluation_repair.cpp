#include "core/home/evaluations/evaluation_repair.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "core/base/set_aside.hpp"
#include "core/home/sound_database.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

fs::path mark_of(const fs::path& file) {
  return file.string() + ".suspect";
}

}  // namespace

Result<std::string> repair_evaluations(const fs::path& file) {
  std::error_code ignored;
  const bool is_suspect = fs::exists(mark_of(file), ignored);
  const std::string damage = damage_of(file, is_suspect ? Thoroughness::full : Thoroughness::fast);
  std::string told;
  if (!damage.empty()) {
    const auto aside = set_aside(file);
    if (!aside) return aside.error();
    told = "'" + file.string() + "' was damaged (" + damage + "): it is kept as '" +
           aside->filename().string() + "', and a new one is begun; its calls are made again";
  }
  fs::remove(mark_of(file), ignored);
  return told;
}

void suspect_evaluations(const fs::path& file) {
  const int mark = ::open(mark_of(file).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (mark >= 0) ::close(mark);
}

}  // namespace jarvis
