#pragma once

#include <mutex>

#include "core/ports/home_stage.hpp"

namespace jarvis {

/** Makes scratch homes below <home>/learning/staging/: directories 0700, files 0600, no links. A
 * tracked file that is a link in the base is copied as a file with its content; a stage in which it
 * was changed is refused, because the edit could not be put in place. Safe to call from many
 * threads. */
class HomeStager : public Stager {
 public:
  /** `home` is the live home's root. */
  explicit HomeStager(std::filesystem::path home);
  /** `name` becomes the directory's name; refused where one of that name exists. */
  Result<std::unique_ptr<HomeStage>> stage(const HomeView& base, const std::string& name) override;

 private:
  Result<std::string> empty_traces();

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::string empty_traces_;
};

/** Removes what a crashed program left below learning/staging/ and gives the names. Only for the
 * holder of the home's lock. */
Result<std::vector<std::string>> remove_leftover_stages(const std::filesystem::path& home);

}  // namespace jarvis
