#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_models.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace jarvis::testing {

/** One test's own home with made-up traces and its own models, and the real program to run on them.
 */
class World {
 public:
  explicit World(FakeBehaviour behaviour = {}, std::size_t traces = 60);

  /** Runs `jarvis --json WORD…` on the home. */
  Finished run(const std::vector<std::string>& words) const;
  /** The same without --json. */
  Finished say(const std::vector<std::string>& words) const;

  FakeModels models;
  TemporaryDirectory directory;
  std::filesystem::path home;
  std::map<std::string, std::string> environment;

  std::string config() const { return read("config.toml"); }
  std::string read(const std::string& file) const;
  void write(const std::string& file, const std::string& text) const;

  /** The commit messages of the checkpoint repository, newest first. */
  std::vector<std::string> commits() const;
  /** All paths that the newest commit tracks. */
  std::vector<std::string> tracked() const;
};

/** What the teacher of these tests plans: one edit to reject, one to accept, one to queue and one
 * to skip; each claims to be automatic. */
boost::json::array four_edits();
boost::json::object edit(const std::string& id, const std::string& op,
                         const boost::json::object& payload);

/** The statuses of a session document's edits, in their order. */
std::vector<std::string> statuses(const boost::json::object& document);
std::string text_at(const boost::json::value& document, const std::string& pointer);

}  // namespace jarvis::testing
