#pragma once

#include "core/ports/home_view.hpp"

namespace jarvis {

/** The user's home as it is now. Reads only. Safe to call from many threads.
 *
 *  config.toml and files below agents/ and tools/ may be symbolic links to anywhere: they are read,
 * and the checkpoint refuses to edit them. Every other link must stay inside the home. */
class LiveHome : public HomeView {
 public:
  explicit LiveHome(std::filesystem::path root);

  const std::filesystem::path& root() const override { return root_; }
  Result<std::string> read(const std::string& relative) const override;
  Result<std::vector<std::string>> tracked_files() const override;

 private:
  std::filesystem::path root_;
};

}  // namespace jarvis
