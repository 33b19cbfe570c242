#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/insight/benchmark_power.hpp"
#include "core/model/session.hpp"
#include "core/session/record/session_store.hpp"

namespace jarvis::dashboard {

/** When a file was last changed, and which file it is; equal stamps mean equal bytes. */
struct Stamp {
  std::int64_t changed_ns = 0;
  std::int64_t size = -1;  ///< −1: there is no such file
  std::uint64_t file = 0;

  bool operator==(const Stamp&) const = default;
};
Stamp stamp_of(const std::filesystem::path& path);

/** What lists and charts show of an edit. */
struct EditLine {
  std::string id;
  std::string op;
  EditStatus status = EditStatus::skipped;
  std::optional<double> delta;
  bool is_harmful = false;  ///< the watch took it for harmful
};

/** What lists and charts show of a session. */
struct SessionLine {
  std::string id;
  std::string trigger;
  SessionStatus status = SessionStatus::initiated;
  std::string started_at;
  double cost_usd = 0;
  std::string error;
  std::string benchmark_version;
  std::optional<double> before;
  std::optional<double> after;
  std::vector<EditLine> edits;
  std::optional<SeenNoise> noise = {};
};

/** Whether a session has not come to an end; that it is at work now takes the home's lock too. */
bool is_unfinished(SessionStatus status);

/** All sessions in short. Reads a session again only when its file has changed, so that a look
 * costs one stat for each. Safe to call from many threads. */
class SessionIndex {
 public:
  explicit SessionIndex(const std::filesystem::path& home);

  struct Content {
    std::vector<SessionLine> sessions;  ///< newest first
    std::vector<std::string> broken;    ///< why the others cannot be read
    std::uint64_t version = 0;          ///< another one whenever something has changed
  };
  std::shared_ptr<const Content> look();

 private:
  struct Entry {
    Stamp stamp;
    std::optional<SessionLine> line;
    std::string broken;
  };
  std::map<std::string, Stamp> stamps() const;
  bool bring_up_to_date();

  std::filesystem::path directory_;
  SessionStore store_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  std::shared_ptr<const Content> content_;
};

}  // namespace jarvis::dashboard
