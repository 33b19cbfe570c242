#include "core/session/record/history.hpp"

namespace jarvis {

std::vector<PastTrial> past_trials(const SessionStore& sessions) {
  std::vector<BrokenSession> broken;
  std::vector<PastTrial> past;
  for (Session& session : sessions.list(broken))
    for (EditOutcome& outcome : session.outcomes)
      past.push_back({session.id, session.benchmark_version, std::move(outcome)});
  return past;
}

}  // namespace jarvis
