#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/session.hpp"

namespace jarvis {

/** `<home>/learning/learning.db`: sessions and edit outcomes in OpenJarvis' tables. An index of the
 *  session.json files: it can be rebuilt from them at any time. */
class LearningDatabase {
 public:
  /** `patience`: how long another program may hold it. */
  explicit LearningDatabase(const std::filesystem::path& home,
                            std::chrono::milliseconds patience = std::chrono::seconds(5));

  /** False when it was never made, or was lost: every session must be put in then. */
  bool exists() const;
  /** Those sessions that it does not hold, or in another state. invalid when it is damaged or has
   * tables of another shape: it must be set aside. */
  Result<std::vector<Session>> outdated(const std::vector<Session>& sessions) const;
  /** Puts the sessions and their outcomes in, in place of what stood there of them, in one
   * transaction. invalid as above. */
  Result<void> put(const std::vector<Session>& sessions) const;
  /** Puts the present one aside and makes a new one of these sessions; gives the name that the
   * present one has then. */
  Result<std::filesystem::path> rebuild(const std::vector<Session>& sessions) const;

 private:
  std::filesystem::path file_;
  std::chrono::milliseconds patience_;
};

}  // namespace jarvis
