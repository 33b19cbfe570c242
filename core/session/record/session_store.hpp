#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/session.hpp"
#include "core/ports/session_files.hpp"

namespace jarvis {

/** A session that could not be read, and why. */
struct BrokenSession {
  std::filesystem::path file;
  std::string reason;
};

/** `<home>/learning/sessions/`: session.json of each session is the authoritative record. */
class SessionStore {
 public:
  explicit SessionStore(std::filesystem::path home);

  /** Replaces session.json atomically; makes the session's directory when it is new. */
  Result<void> save(const Session& session) const;
  /** All sessions, newest first. Files that cannot be read are passed over and named in `broken`.
   */
  std::vector<Session> list(std::vector<BrokenSession>& broken) const;
  /** The session with this id, or with this unique beginning of an id. */
  Result<Session> find(const std::string& id_or_prefix) const;
  /** The directory of a session's artifacts, made when it is missing. */
  Result<std::unique_ptr<SessionFiles>> files(const std::string& session_id) const;

 private:
  Result<Session> read(const std::filesystem::path& file) const;

  std::filesystem::path home_;
  std::filesystem::path directory_;
};

/** "session-<UTC time>_<8 hex digits>". */
std::string new_session_id(double unix_seconds);

}  // namespace jarvis
