#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/home/lock.hpp"
#include "tests/cases/case.hpp"
#include "tests/support/fake_models.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace jarvis::testing {

/** What a case finds when its first command starts. Throws on a setup that cannot be carried out.
 */
class CaseWorld {
 public:
  explicit CaseWorld(const Case& wanted);

  Finished run(const std::string& command) const;
  /** The text with what differs from run to run written as {home}, {session} and so on. */
  std::string normalised(std::string text) const;
  bool may_be_wide() const { return wide_; }
  const FakeModels* models() const { return models_.get(); }

 private:
  void take(const std::string& step);
  void make_home_of(const std::string& kind);
  void copy_files(const std::filesystem::path& from) const;
  void add_trace(const std::string& text) const;
  std::string filled(std::string text) const;

  TemporaryDirectory directory_;
  const std::filesystem::path home_;
  std::map<std::string, std::string> environment_;
  std::string while_planning_;  ///< a step of the setup
  std::unique_ptr<FakeModels> models_;
  std::optional<HomeLock> lock_;
  bool wide_ = false;
};

}  // namespace jarvis::testing
