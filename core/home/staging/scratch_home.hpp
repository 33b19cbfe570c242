#pragma once

#include <map>
#include <string>

#include "core/ports/home_stage.hpp"

namespace jarvis {

/** A scratch home that knows what was put into it. Owns its directory. */
class ScratchHome : public HomeStage {
 public:
  /** Takes over `root`, an empty directory. */
  explicit ScratchHome(std::filesystem::path root);
  ~ScratchHome() override;
  ScratchHome(const ScratchHome&) = delete;
  ScratchHome& operator=(const ScratchHome&) = delete;

  /** Writes a file that belongs to the staged state. `link_target` is where it leads in the live
   * home when it is a link there, else empty. */
  Result<void> add(const std::string& path, const std::string& text,
                   const std::string& link_target);

  const std::filesystem::path& root() const override { return root_; }
  /** Follows no links at all. */
  Result<std::string> read(const std::string& relative) const override;
  Result<std::vector<std::string>> tracked_files() const override;
  /** A link or a special file in the stage, and a change of a file that is a link in the live home,
   * are refused with the path. Folders without files do not count. */
  Result<std::vector<FileChange>> changes() const override;

 private:
  std::filesystem::path root_;
  std::map<std::string, std::string> base_;
  std::map<std::string, std::string> links_;
};

}  // namespace jarvis
