#include "core/base/set_aside.hpp"

#include <ctime>
#include <string>

#include "core/base/atomic_file.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

std::string compact_time() {
  const std::time_t seconds = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return text;
}

bool is_taken(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

fs::path free_name(const fs::path& path) {
  const std::string base = path.string() + ".broken-" + compact_time();
  fs::path name = base;
  for (int number = 2; is_taken(name); ++number) name = base + "-" + std::to_string(number);
  return name;
}

}  // namespace

Result<fs::path> set_aside(const fs::path& path) {
  const fs::path aside = free_name(path);
  // The database itself last: a new one beside an old -wal would be taken for its continuation.
  for (const char* part : {"-wal", "-shm", ""}) {
    const fs::path from = path.string() + part;
    if (*part != '\0' && !is_taken(from)) continue;
    std::error_code error;
    fs::rename(from, aside.string() + part, error);
    if (error)
      return Error{ErrorKind::io, "cannot set '" + from.string() + "' aside: " + error.message(),
                   "move it away by hand"};
  }
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (auto synced = sync_directory(folder); !synced) return synced.error();
  return aside;
}

}  // namespace jarvis
