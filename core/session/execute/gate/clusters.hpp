#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/model/score.hpp"

namespace jarvis {

/** A class with fewer sampled tasks than this is counted under "other". */
inline constexpr std::size_t kSmallestCluster = 5;
inline constexpr const char* kOtherCluster = "other";

/** The cluster of every query class that occurs in `tasks`. It counts all sampled tasks, measured
 * or not, so that both arms and every edit of a session use the same names. */
std::map<std::string, std::string> clusters_of(const std::vector<TaskScore>& tasks);

}  // namespace jarvis
