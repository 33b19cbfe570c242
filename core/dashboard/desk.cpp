#include "core/dashboard/desk.hpp"

#include <algorithm>

#include "core/home/lock.hpp"
#include "core/home/paths.hpp"

namespace jarvis::dashboard {

Desk::Desk(Parts given)
    : parts(std::move(given)),
      recorder(parts.home),
      home(parts.home),
      index(parts.home),
      feedback(parts.home),
      spent(parts.home),
      actions(parts.program, parts.home),
      plugins(parts.program, parts.home) {}

Result<std::unique_ptr<TraceStore>> Desk::traces() const {
  return TraceStore::open(parts.home / kTracesFile);
}

std::string Desk::session_at_work() {
  if (!lock_holder(parts.home)) return {};
  const auto content = index.look();
  const auto found = std::find_if(content->sessions.begin(), content->sessions.end(),
                                  [](const auto& line) { return is_unfinished(line.status); });
  return found == content->sessions.end() ? std::string() : found->id;
}

}  // namespace jarvis::dashboard
