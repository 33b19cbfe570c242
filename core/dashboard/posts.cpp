#include "core/dashboard/posts.hpp"

#include <algorithm>

#include "core/home/paths.hpp"
#include "core/home/traces/trace_writer.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kLongestReason = 500;

std::string field(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

Result<std::string> started(const Result<int>& number) {
  if (!number) return number.error();
  return "/actions/" + std::to_string(*number);
}

Result<std::string> run(const Visit& visit, const Fields&) {
  return started(visit.desk.actions.start("Run a session", "", {"learning", "run"}));
}

/** The edit with exactly this id: the commands would take the beginning of one. */
Result<QueuedEdit> queued_edit(const Visit& visit, const std::string& id) {
  auto queued = visit.desk.recorder.queue().find(id);
  if (queued && queued->edit.id != id)
    return Error{ErrorKind::not_found, "no edit '" + id + "' waits for review", ""};
  return queued;
}

Result<Session> session_of(const Visit& visit, const std::string& id) {
  auto session = visit.desk.recorder.sessions().find(id);
  if (session && session->id != id)
    return Error{ErrorKind::not_found, "there is no session '" + id + "'", ""};
  return session;
}

Result<std::string> approve(const Visit& visit, const std::string& id, const Fields&) {
  const auto queued = queued_edit(visit, id);
  if (!queued) return queued.error();
  return started(
      visit.desk.actions.start("Approve " + id, queued->session_id, {"learning", "approve", id}));
}

Result<std::string> reject(const Visit& visit, const std::string& id, const Fields& fields) {
  const auto queued = queued_edit(visit, id);
  if (!queued) return queued.error();
  const std::string reason = field(fields, "reason");
  if (reason.size() > kLongestReason)
    return Error{ErrorKind::invalid, "the reason is longer than 500 bytes",
                 "say it in fewer words"};
  if (reason.find('\0') != std::string::npos)
    return Error{ErrorKind::invalid, "the reason holds a NUL byte", ""};
  return started(visit.desk.actions.start("Reject " + id, queued->session_id,
                                          {"learning", "reject", id, "--reason=" + reason}));
}

Result<std::string> roll_back(const Visit& visit, const std::string& id, const Fields&) {
  const auto session = session_of(visit, id);
  if (!session) return session.error();
  return started(visit.desk.actions.start("Roll back " + id, id, {"learning", "rollback", id}));
}

Result<std::string> resume(const Visit& visit, const std::string& id, const Fields&) {
  const auto session = session_of(visit, id);
  if (!session) return session.error();
  return started(visit.desk.actions.start("Go on with " + id, id, {"learning", "resume", id}));
}

Result<std::string> rate(const Visit& visit, const std::string& id, const Fields& fields) {
  const std::string score = field(fields, "score");
  if (score != "1" && score != "0")
    return Error{ErrorKind::invalid, "a thumb is 1 or 0, not '" + score + "'", ""};
  const auto store = visit.desk.traces();
  if (!store) return store.error();
  if (const auto trace = (*store)->find(id); !trace) return trace.error();
  if (const auto set =
          set_feedback(visit.desk.parts.home / kTracesFile, id, score == "1" ? 1.0 : 0.0);
      !set)
    return set.error();
  const std::string back = field(fields, "back");
  const bool is_ours = parse_target(back) && (back.rfind("/traces?", 0) == 0);
  return is_ours ? back : "/traces/" + id;
}

struct PostOfOne {
  const char* folder;
  const char* verb;
  Result<std::string> (*act)(const Visit&, const std::string& id, const Fields&);
};
constexpr PostOfOne kPosts[] = {{"review", "approve", approve},
                                {"review", "reject", reject},
                                {"sessions", "rollback", roll_back},
                                {"sessions", "resume", resume},
                                {"traces", "rate", rate}};

}  // namespace

Post post_at(const Target& target) {
  if (target.path == "/run") return run;
  const auto parts = target.parts();
  if (parts.size() != 3 || !is_id(parts[1])) return {};
  const auto found = std::find_if(std::begin(kPosts), std::end(kPosts), [&](const auto& post) {
    return parts[0] == post.folder && parts[2] == post.verb;
  });
  if (found == std::end(kPosts)) return {};
  return [act = found->act, id = parts[1]](const Visit& visit, const Fields& fields) {
    return act(visit, id, fields);
  };
}

}  // namespace jarvis::dashboard
