#include "tests/faults/rehearsal_home.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <jarvis/text/toml_document.hpp>
#include <set>
#include <sstream>

#include "core/app/cli/demo_home.hpp"
#include "core/base/atomic_file.hpp"
#include "core/home/checkpoint/commit_log.hpp"
#include "core/home/checkpoint/git_checkpoint.hpp"
#include "core/home/traces/trace_writer.hpp"
#include "core/session/record/recorder.hpp"

namespace jarvis::testing {

namespace fs = std::filesystem;

RehearsalHome::RehearsalHome(fs::path at, std::size_t most_traces)
    : home(at.empty() ? directory.path() / "home" : std::move(at)) {
  fs::create_directories(home);
  auto traces = make_demo_home(home);
  REQUIRE(traces);
  traces->resize(std::min(traces->size(), most_traces));
  REQUIRE(create_trace_database(home / "traces.db"));
  REQUIRE(insert_traces(home / "traces.db", *traces));
}

Finished RehearsalHome::say(const std::vector<std::string>& words,
                            const std::map<std::string, std::string>& environment) const {
  Launch launch{{JARVIS_PROGRAM, "--home", home.string()},
                {{"HOME", directory.path().string()}, {"TZ", "UTC"}},
                directory.path()};
  for (const auto& [name, value] : environment) launch.environment[name] = value;
  launch.words.insert(launch.words.end(), words.begin(), words.end());
  return run_program(launch);
}

Finished RehearsalHome::run(const std::vector<std::string>& words,
                            const std::map<std::string, std::string>& environment) const {
  std::vector<std::string> all{"--json"};
  all.insert(all.end(), words.begin(), words.end());
  return say(all, environment);
}

Finished RehearsalHome::session(const std::map<std::string, std::string>& environment) const {
  return run({"learning", "run", "--autonomy", "auto"}, environment);
}

std::string RehearsalHome::read(const std::string& file) const {
  std::ostringstream text;
  text << std::ifstream(home / file, std::ios::binary).rdbuf();
  return text.str();
}

void RehearsalHome::write(const std::string& file, const std::string& text) const {
  fs::create_directories((home / file).parent_path());
  std::ofstream(home / file, std::ios::binary) << text;
}

std::vector<std::string> RehearsalHome::names(const std::string& folder,
                                              const std::string& part) const {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(home / folder))
    if (entry.path().filename().string().find(part) != std::string::npos)
      found.push_back(entry.path().filename().string());
  std::sort(found.begin(), found.end());
  return found;
}

bool came_to_its_end(const Finished& session) {
  return session.status == 0 || session.out.find("All clusters dropped") != std::string::npos;
}

void check_promises(const fs::path& home) {
  const auto text = read_file(home / "config.toml");
  REQUIRE(text);
  CHECK_NOTHROW((void)text::TomlDocument::parse(*text, "config.toml"));
  const auto dirty = GitCheckpoint(home).dirty_paths();
  REQUIRE(dirty);
  CHECK(dirty->empty());

  std::multiset<std::string> committed, recorded;
  const auto log = commit_log(home, 100);
  REQUIRE(log);
  for (const CommitLine& commit : *log)
    if (commit.subject != "learning: checkpoint baseline" && commit.subject != "Manual changes")
      committed.insert(commit.id);
  std::vector<BrokenSession> broken;
  std::size_t pending = 0;
  const Recorder recorder(home);
  for (const Session& session : recorder.sessions().list(broken)) {
    CHECK((session.status == SessionStatus::completed ||
           session.status == SessionStatus::awaiting_review ||
           session.status == SessionStatus::failed));
    for (const EditOutcome& outcome : session.outcomes) {
      if (outcome.status == EditStatus::applied) recorded.insert(outcome.commit);
      if (outcome.status == EditStatus::pending_review) ++pending;
    }
  }
  for (const BrokenSession& session : broken) {
    std::string files;
    for (const auto& entry : fs::recursive_directory_iterator(session.file.parent_path()))
      files += entry.path().filename().string() + " ";
    FAIL_CHECK(session.reason << " (" << files << ")");
  }
  CHECK(committed == recorded);
  std::vector<std::string> unreadable;
  CHECK(recorder.queue().list(unreadable).size() == pending);
  CHECK(unreadable.empty());
  CHECK_FALSE(fs::exists(home / ".git" / "transition.json"));
}

Poco::Data::Session sql_session(const fs::path& file) {
  Poco::Data::SQLite::Connector::registerConnector();
  return {Poco::Data::SQLite::Connector::KEY, file.string()};
}

void run_sql(const fs::path& file, const std::string& sql, bool stay_in_wal) {
  using Poco::Data::Keywords::now;
  Poco::Data::Session session = sql_session(file);
  session << sql, now;
  if (!stay_in_wal) session << "PRAGMA wal_checkpoint(TRUNCATE)", now;
}

}  // namespace jarvis::testing
