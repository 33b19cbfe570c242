#pragma once

#include <Poco/Data/Session.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/model/trace.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace jarvis::testing {

/** A home for the rehearsal teacher, student and judge, which need no network and no key, and the
 * real program to run on it. */
class RehearsalHome {
 public:
  /** With at most `most_traces` of the traces of `jarvis demo`; at `at`, for example on another
   * file system, where that is not empty. */
  explicit RehearsalHome(std::filesystem::path at = {}, std::size_t most_traces = 1000);

  /** Runs `jarvis --json WORD…` on the home. */
  Finished run(const std::vector<std::string>& words,
               const std::map<std::string, std::string>& environment = {}) const;
  /** The same without --json. */
  Finished say(const std::vector<std::string>& words,
               const std::map<std::string, std::string>& environment = {}) const;
  /** A whole session that applies what the gate accepts. */
  Finished session(const std::map<std::string, std::string>& environment = {}) const;

  std::string read(const std::string& file) const;
  /** Replaces a file of the home, with its folders. */
  void write(const std::string& file, const std::string& text) const;
  /** The files directly in a folder of the home whose names hold this text. */
  std::vector<std::string> names(const std::string& folder, const std::string& part) const;

  TemporaryDirectory directory;
  std::filesystem::path home;
};

/** Whether a session worked. A second one on a home finds nothing to learn, and says so. */
bool came_to_its_end(const Finished& session);

/** What is true after every fault, once the program has been started again; checked with doctest.
 */
void check_promises(const std::filesystem::path& home);

/** An open database, of SQLite itself. */
Poco::Data::Session sql_session(const std::filesystem::path& file);
/** Does one thing to a database; afterwards all of it is in its file, unless it may `stay_in_wal`.
 */
void run_sql(const std::filesystem::path& file, const std::string& sql, bool stay_in_wal = false);

}  // namespace jarvis::testing
