#include "core/session/execute/gate/error_share.hpp"

#include <algorithm>
#include <set>

namespace jarvis {

double error_share(double alpha, const std::vector<TriedEdit>& tried, const std::string& edit,
                   int edits_left) {
  double left = std::clamp(alpha, 0.0, 1.0);
  std::set<std::string> accepted, counted;
  for (const TriedEdit& one : tried) {
    if (one.edit == edit) return one.share;
    if (one.accepted) accepted.insert(one.edit);
  }
  for (const TriedEdit& one : tried)
    if (!accepted.contains(one.edit) && counted.insert(one.edit).second) left -= one.share;
  return std::max(left, 0.0) / std::max(edits_left, 1);
}

}  // namespace jarvis
