#pragma once

#include <map>
#include <string>

namespace jarvis {

/** What every program that the user configured gets of this program's environment: what it needs to
 * find its files and its language; no keys, and no sockets of services. */
std::map<std::string, std::string> inherited_environment();

}  // namespace jarvis
