#include "core/session/record/session_store.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <mutex>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "core/base/json_text.hpp"
#include "core/session/record/session_json.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSessionLimit = std::size_t{64} << 20;

class DirectoryFiles : public SessionFiles {
 public:
  DirectoryFiles(fs::path directory, std::string relative)
      : directory_(std::move(directory)), relative_(std::move(relative)) {}

  Result<void> write(const std::string& name, const std::string& text) override {
    return write_file_atomically(directory_ / name, text);
  }

  Result<std::string> freeze(const std::string& name, const std::string& text) override {
    if (auto written = write_file_atomically(directory_ / name, text, 0400); !written)
      return written.error();
    return sha256(text);
  }

  Result<void> append(const std::string& name, const json::object& line) override {
    const std::lock_guard lock(mutex_);
    return append_line_durably(directory_ / name, json::serialize(line));
  }

  std::string path_of(const std::string& name) const override { return relative_ + "/" + name; }

 private:
  fs::path directory_;
  std::string relative_;
  std::mutex mutex_;
};

/** What a sudden end leaves of a session that was not recorded yet: folders, and at most a first
 * session.json on its way. */
bool was_never_begun(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const bool is_on_its_way = entry->path().filename().string().rfind("session.json.new-", 0) == 0;
    if (!entry->is_directory(error) && !is_on_its_way) return false;
    if (entry->path().filename() == "session.json") return false;
  }
  return !error;
}

}  // namespace

SessionStore::SessionStore(fs::path home)
    : home_(std::move(home)), directory_(home_ / "learning" / "sessions") {}

Result<void> SessionStore::save(const Session& session) const {
  const fs::path directory = directory_ / session.id;
  if (auto made = make_private_directory(directory); !made) return made;
  return write_file_atomically(directory / "session.json", pretty(to_json(session)));
}

Result<Session> SessionStore::read(const fs::path& file) const try {
  std::error_code ignored;
  if (fs::is_symlink(fs::symlink_status(file, ignored)))
    return Error{ErrorKind::refused, "'" + file.string() + "' is a link",
                 "put the file itself in its place"};
  const auto text = read_file(file, kSessionLimit);
  if (!text) return text.error();
  Session session = session_from_json(sdk::parse_object(*text, "'" + file.string() + "'"));
  // The id names the directory that is written to, so that no other one may stand in the file.
  if (session.id != file.parent_path().filename())
    return Error{ErrorKind::invalid,
                 "'" + file.string() + "' holds another session: '" + session.id + "'", ""};
  return session;
} catch (const std::exception& error) {
  return Error{ErrorKind::invalid, "'" + file.string() + "': " + error.what(), ""};
}

std::vector<Session> SessionStore::list(std::vector<BrokenSession>& broken) const {
  std::vector<Session> sessions;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_, error)) {
    const fs::path file = entry.path() / "session.json";
    if (!entry.is_directory(error) || was_never_begun(entry.path())) continue;
    auto session = read(file);
    if (session)
      sessions.push_back(std::move(*session));
    else
      broken.push_back({file, session.error().message});
  }
  std::sort(sessions.begin(), sessions.end(), [](const Session& one, const Session& other) {
    return std::pair(one.started_at, one.id) > std::pair(other.started_at, other.id);
  });
  return sessions;
}

Result<Session> SessionStore::find(const std::string& id_or_prefix) const {
  std::vector<std::string> matches;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_, error)) {
    const std::string id = entry.path().filename().string();
    if (id == id_or_prefix) return read(entry.path() / "session.json");
    if (!id_or_prefix.empty() && id.rfind(id_or_prefix, 0) == 0) matches.push_back(id);
  }
  if (matches.empty())
    return Error{ErrorKind::not_found, "no session '" + id_or_prefix + "'",
                 "see 'jarvis learning history'"};
  if (matches.size() > 1) {
    std::sort(matches.begin(), matches.end());
    return Error{ErrorKind::not_found,
                 "session '" + id_or_prefix + "' is ambiguous: " + matches[0] + ", " + matches[1] +
                     (matches.size() > 2 ? ", …" : ""),
                 "give more of the id"};
  }
  return read(directory_ / matches[0] / "session.json");
}

Result<std::unique_ptr<SessionFiles>> SessionStore::files(const std::string& session_id) const {
  const fs::path directory = directory_ / session_id;
  if (auto made = make_private_directory(directory / "teacher_traces"); !made) return made.error();
  return std::unique_ptr<SessionFiles>(
      std::make_unique<DirectoryFiles>(directory, "learning/sessions/" + session_id));
}

std::string new_session_id(double unix_seconds) {
  const std::time_t seconds = static_cast<std::time_t>(std::floor(unix_seconds));
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%S", &parts);
  return std::string("session-") + text + "_" + random_hex(8);
}

}  // namespace jarvis
