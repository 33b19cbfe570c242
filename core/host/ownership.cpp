#include "core/host/ownership.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace jarvis {

std::string ownership_problem(const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return "'" + path.string() + "' cannot be looked at";
  if (facts.st_uid != ::geteuid() && facts.st_uid != 0)
    return "'" + path.string() + "' belongs to somebody else";
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return "'" + path.string() + "' can be written by others";
  return {};
}

}  // namespace jarvis
