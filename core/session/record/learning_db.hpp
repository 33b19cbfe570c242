#pragma once

#include "core/model/result.hpp"
#include "core/model/session.hpp"

#include <filesystem>
#include <vector>

namespace jarvis {

/** `<home>/learning/learning.db`: sessions and edit outcomes in OpenJarvis' tables. An index of the
 *  session.json files, never read back by this program: it can be rebuilt from them at any time. */
class LearningDatabase {
 public:
  explicit LearningDatabase(const std::filesystem::path& home);

  /** Puts the session and its outcomes in, in place of what stood there of it, in one transaction. */
  Result<void> put(const Session& session) const;
  /** Makes a missing database and puts all sessions in. */
  Result<void> ensure(const std::vector<Session>& sessions) const;

 private:
  std::filesystem::path file_;
};

}  // namespace jarvis
