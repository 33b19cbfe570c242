#include "core/host/process/inherited_environment.hpp"

#include <cstdlib>

namespace jarvis {

namespace {

constexpr const char* kInherited[] = {"PATH",     "HOME", "USER",   "LOGNAME",  "SHELL",  "LANG",
                                      "LANGUAGE", "TZ",   "LC_ALL", "LC_CTYPE", "LC_TIME"};

}  // namespace

std::map<std::string, std::string> inherited_environment() {
  std::map<std::string, std::string> environment;
  for (const char* name : kInherited)
    if (const char* value = std::getenv(name)) environment[name] = value;
  return environment;
}

}  // namespace jarvis
