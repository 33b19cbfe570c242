#include "core/dashboard/sessions_index.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <tuple>

#include "core/home/paths.hpp"

namespace jarvis::dashboard {

namespace fs = std::filesystem;

namespace {

/** From so many changed sessions on, one pass over all of them is the quicker way. */
constexpr std::size_t kMany = 20;

SessionLine line_of(const Session& session) {
  SessionLine line{session.id,
                   session.trigger.kind,
                   session.status,
                   session.started_at,
                   session.teacher_cost_usd,
                   session.error,
                   session.benchmark_version,
                   std::nullopt,
                   std::nullopt,
                   {}};
  if (session.before) line.before = session.before->overall_score;
  if (session.after) line.after = session.after->overall_score;
  for (const EditOutcome& outcome : session.outcomes)
    line.edits.push_back({outcome.edit.id, outcome.edit.op, outcome.status,
                          outcome.verdict ? outcome.verdict->benchmark_delta : std::nullopt,
                          !outcome.harm.empty()});
  line.noise = seen_noise(session);
  return line;
}

}  // namespace

Stamp stamp_of(const fs::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  return {facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec, facts.st_size, facts.st_ino};
}

bool is_unfinished(SessionStatus status) {
  return status == SessionStatus::initiated || status == SessionStatus::diagnosing ||
         status == SessionStatus::planning || status == SessionStatus::executing;
}

SessionIndex::SessionIndex(const fs::path& home)
    : directory_(home / kSessionsFolder),
      store_(home),
      content_(std::make_shared<const Content>()) {}

std::map<std::string, Stamp> SessionIndex::stamps() const {
  std::map<std::string, Stamp> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_, error)) {
    const Stamp stamp = stamp_of(entry.path() / "session.json");
    if (stamp.size >= 0) found[entry.path().filename().string()] = stamp;
  }
  return found;
}

bool SessionIndex::bring_up_to_date() {
  const auto found = stamps();
  std::vector<std::string> changed;
  for (const auto& [id, stamp] : found)
    if (const auto known = entries_.find(id);
        known == entries_.end() || known->second.stamp != stamp)
      changed.push_back(id);
  const auto gone =
      std::erase_if(entries_, [&](const auto& entry) { return found.count(entry.first) == 0; });
  if (changed.empty()) return gone > 0;
  std::map<std::string, Session> read;
  if (changed.size() >= kMany) {
    std::vector<BrokenSession> ignored;
    for (Session& session : store_.list(ignored)) {
      std::string id = session.id;
      read.emplace(std::move(id), std::move(session));
    }
  }
  for (const std::string& id : changed) {
    // The stamp is older than what is read: a change in between is seen at the next look.
    Entry entry{found.at(id), std::nullopt, ""};
    if (const auto one = read.find(id); one != read.end()) {
      entry.line = line_of(one->second);
    } else if (const auto session = store_.find(id)) {
      entry.line = line_of(*session);
    } else {
      entry.broken = session.error().message;
    }
    entries_[id] = std::move(entry);
  }
  return true;
}

std::shared_ptr<const SessionIndex::Content> SessionIndex::look() {
  const std::lock_guard lock(mutex_);
  if (!bring_up_to_date()) return content_;
  auto content = std::make_shared<Content>();
  content->version = content_->version + 1;
  for (const auto& [id, entry] : entries_) {
    if (entry.line)
      content->sessions.push_back(*entry.line);
    else
      content->broken.push_back(entry.broken);
  }
  std::sort(content->sessions.begin(), content->sessions.end(),
            [](const SessionLine& one, const SessionLine& other) {
              return std::tie(one.started_at, one.id) > std::tie(other.started_at, other.id);
            });
  content_ = content;
  return content_;
}

}  // namespace jarvis::dashboard
