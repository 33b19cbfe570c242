#pragma once

#include <string>
#include <vector>

#include "core/host/changed_keys.hpp"
#include "core/model/json.hpp"
#include "core/model/result.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis {

/** What an edit may change: files, and keys of config.toml. Computed from the op's manifest and the
 *  edit's payload before the applier runs, compared with what really changed after it. */
class EffectPolicy {
 public:
  /** `touches` as docs/plugin-manifest.md has them; `{field}` is filled from the payload. A star
   * stands for any one key where the pattern itself has it, never where the payload does.
   * `forbidden` are patterns of config keys that no op may change, nor replace together with what
   * is above them. invalid when a field is missing or no plain text. */
  static Result<EffectPolicy> make(const std::vector<std::string>& touches,
                                   const json::object& payload,
                                   const std::vector<std::string>& forbidden);

  /** refused, naming the first change that is not allowed. `reported` are the files that the
   * applier says it wrote; a changed file that it did not report is refused as well, and so is a
   * report of a file that is not tracked. */
  Result<void> check(const std::vector<FileChange>& changes,
                     const std::vector<std::string>& reported) const;

 private:
  Result<void> check_config(const FileChange& change) const;

  std::vector<KeyPattern> keys_;    ///< allowed in config.toml
  std::vector<std::string> files_;  ///< allowed whole files
  std::vector<KeyPattern> forbidden_;
};

}  // namespace jarvis
