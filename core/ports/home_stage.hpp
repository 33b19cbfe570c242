#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/ports/home_view.hpp"

namespace jarvis {

/** What happened to one tracked file; an absent side means that the file did not exist there. */
struct FileChange {
  std::string path;  ///< relative to the home
  std::optional<std::string> before;
  std::optional<std::string> after;
};

/** A scratch copy of a home that an applier may write to. Its files vanish with the object. */
class HomeStage : public HomeView {
 public:
  /** Every difference from the state that was staged, sorted by path: files outside the tracked
   *  places and links included, so that nothing can hide. */
  virtual Result<std::vector<FileChange>> changes() const = 0;
};

/** Makes scratch copies below learning/staging/. */
class Stager {
 public:
  virtual ~Stager() = default;
  /** Copies the tracked files plus persona and notes files, and makes a new empty traces.db. */
  virtual Result<std::unique_ptr<HomeStage>> stage(const HomeView& base,
                                                   const std::string& name) = 0;
};

}  // namespace jarvis
