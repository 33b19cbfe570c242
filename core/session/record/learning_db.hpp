#pragma once

#include <filesystem>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/session.hpp"

namespace jarvis {

/** `<home>/learning/learning.db`: sessions and edit outcomes in OpenJarvis' tables. An index of the
 *  session.json files, never read back by this program: it can be rebuilt from them at any time. */
class LearningDatabase {
 public:
  explicit LearningDatabase(const std::filesystem::path& home);

  /** False when it was never made, or was lost: every session must be put in then. */
  bool exists() const;
  /** Puts the sessions and their outcomes in, in place of what stood there of them, in one
   * transaction. */
  Result<void> put(const std::vector<Session>& sessions) const;

 private:
  std::filesystem::path file_;
};

}  // namespace jarvis
