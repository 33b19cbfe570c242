#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/model/edit.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** An edit that waits for a person. */
struct QueuedEdit {
  std::string session_id;
  Edit edit;
  std::string reason;          ///< why it waits
  std::string diff;            ///< as it was when it was queued
  std::string content_sha256;  ///< of the edit that was shown
};

/** `<home>/learning/pending_review/`, a file for each edit: `<session>__<edit>.json`. */
class ReviewQueue {
 public:
  explicit ReviewQueue(const std::filesystem::path& home);

  Result<void> add(const QueuedEdit& queued) const;
  /** Oldest session first, in plan order. Files that cannot be read, are links or hold another edit
   * than their name says are named in `broken` and stay. */
  std::vector<QueuedEdit> list(std::vector<std::string>& broken) const;
  /** Renames such files, so that what they held can be queued again from its session; gives a line
   * for each. For the holder of the home's lock. */
  std::vector<std::string> set_broken_aside() const;
  /** By edit id or unique beginning of one, up to the number at its end. */
  Result<QueuedEdit> find(const std::string& id_or_prefix) const;
  /** Takes an edit out once its outcome is recorded; one that is not there is no error. */
  Result<void> remove(const QueuedEdit& queued) const;

 private:
  std::filesystem::path file_of(const QueuedEdit& queued) const;
  Result<QueuedEdit> read(const std::filesystem::path& file) const;
  std::vector<std::filesystem::path> files() const;

  std::filesystem::path directory_;
};

}  // namespace jarvis
