#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/session_view.hpp"

namespace jarvis {

Result<int> learning_history(Application& application, const Arguments& arguments, Output& output) {
  const auto limit = arguments.count("--limit");
  if (!limit) return limit.error();
  std::vector<BrokenSession> broken;
  auto sessions = application.recorder().sessions().list(broken);
  if (*limit && sessions.size() > static_cast<std::size_t>(**limit))
    sessions.resize(static_cast<std::size_t>(**limit));
  json::array rows, unreadable;
  for (const Session& session : sessions) rows.push_back(session_summary(session));
  for (const BrokenSession& session : broken)
    unreadable.push_back(json::object{{"file", session.file.string()}, {"reason", session.reason}});
  output.document({{"sessions", std::move(rows)}, {"unreadable", std::move(unreadable)}});
  if (sessions.empty())
    output.line("No sessions yet. 'jarvis learning run' starts one.");
  else
    print_history(sessions, application.clock().now(), output);
  for (const BrokenSession& session : broken) output.line("unreadable: " + session.reason);
  return 0;
}

}  // namespace jarvis
