#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/home/staging/home_stager.hpp"

namespace jarvis {

/** Scratch homes apart from any home of the user: below a temporary directory (0700) that is
 * removed with the object. Used by one thread. */
class TrialHomes {
 public:
  /** `copied` is a home of which every scratch home is a copy; without one they are made of the
   * files that stage is given. not_found when it has no config.toml. */
  static Result<std::unique_ptr<TrialHomes>> make(
      const std::optional<std::filesystem::path>& copied);
  ~TrialHomes();
  TrialHomes(const TrialHomes&) = delete;
  TrialHomes& operator=(const TrialHomes&) = delete;

  /** All lies below. */
  const std::filesystem::path& folder() const { return folder_; }
  /** The scratch homes lie in it. */
  std::filesystem::path staging() const;
  Result<std::unique_ptr<HomeStage>> stage(const std::map<std::string, std::string>& files);

 private:
  TrialHomes(std::filesystem::path folder, const std::optional<std::filesystem::path>& copied);
  Result<void> write_base(const std::map<std::string, std::string>& files);

  std::filesystem::path folder_;
  std::optional<std::filesystem::path> copied_;
  HomeStager stager_;
  std::map<std::string, std::string> base_;  ///< what lies in base() now
  int count_ = 0;
};

}  // namespace jarvis
