#include "core/home/checkpoint/finished_locks.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

void remove_if_finished(const fs::path& lock) {
  if (lock.extension() != ".lock") return;
  fs::path target = lock;
  std::error_code error;
  if (!fs::equivalent(lock, target.replace_extension(), error) || error) return;
  fs::remove(lock, error);
}

}  // namespace

void remove_finished_locks(const fs::path& git) {
  for (const char* name : {"index.lock", "HEAD.lock", "packed-refs.lock"})
    remove_if_finished(git / name);
  std::error_code error;
  fs::recursive_directory_iterator entry(git / "refs" / "heads", error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error))
    remove_if_finished(entry->path());
}

}  // namespace jarvis
