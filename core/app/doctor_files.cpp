#include "core/app/doctor_files.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/base/atomic_file.hpp"
#include "core/budget/ledger.hpp"
#include "core/daemon/state.hpp"
#include "core/home/lock.hpp"
#include "core/home/paths.hpp"
#include "core/home/sound_database.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

using State = Checkup::State;

constexpr std::uint64_t kLeastFree = std::uint64_t{100} << 20;
constexpr std::uint64_t kEnoughFree = std::uint64_t{1} << 30;
constexpr std::uint64_t kLeastFiles = 1000;
constexpr double kDay = 86400;
constexpr double kFirstOf2024 = 1704067200;
constexpr std::size_t kNamed = 5;

using Findings = std::vector<Checkup>;

void add_databases(const fs::path& home, Findings& findings) {
  for (const char* file : {kLearningDatabase, kEvaluationsDatabase})
    if (const std::string damage = damage_of(home / file, Thoroughness::fast); !damage.empty())
      findings.push_back({"stores", State::warning,
                          "'" + (home / file).string() + "' is damaged: " + damage,
                          "the next session sets it aside and makes a new one"});
}

void add_records(const Application& application, Findings& findings) {
  const fs::path& home = application.home_path();
  std::vector<BrokenSession> sessions;
  application.recorder().sessions().list(sessions);
  for (const BrokenSession& session : sessions)
    findings.push_back({"stores", State::warning, session.reason,
                        "restore it from a backup, or move the folder '" +
                            session.file.parent_path().string() + "' away"});
  std::vector<std::string> edits;
  application.recorder().queue().list(edits);
  for (const std::string& reason : edits)
    findings.push_back({"stores", State::warning, reason,
                        "the next session sets it aside and queues the edit again"});
  if (const auto state = read_daemon_state(home); !state)
    findings.push_back({"stores", State::warning, state.error().message,
                        "the next daemon sets it aside and begins anew"});
  if (const auto totals = read_totals(home / kLedgerFile, ""); !totals)
    findings.push_back({"stores", State::bad, totals.error().message, totals.error().hint});
}

void add_kept_aside(const fs::path& home, Findings& findings) {
  std::vector<std::string> names;
  std::error_code error;
  for (const char* folder : {kLearningFolder, kPendingReviewFolder})
    for (const auto& entry : fs::directory_iterator(home / folder, error)) {
      const std::string name = entry.path().filename().string();
      const bool is_part = name.ends_with("-wal") || name.ends_with("-shm");
      if (name.find(".broken-") != std::string::npos && !is_part)
        names.push_back(entry.path().string());
    }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names)
    findings.push_back({"stores", State::warning, "'" + name + "' was set aside as broken",
                        "remove it when nothing in it is needed any more"});
}

/** The first few of the files in learning/ that others than the owner may read or write. */
std::vector<fs::path> open_to_others(const fs::path& home) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(home / kLearningFolder, error), end;
       !error && entry != end && found.size() < kNamed; entry.increment(error)) {
    struct stat facts {};
    // Scratch homes keep the modes of what they copy.
    if (entry->path() == home / kStagingFolder) entry.disable_recursion_pending();
    if (::lstat(entry->path().c_str(), &facts) == 0 && !S_ISLNK(facts.st_mode) &&
        (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
      found.push_back(entry->path());
  }
  return found;
}

/** What steers the assistant, and may be changed by others than the owner. */
std::vector<fs::path> changeable_by_others(const fs::path& home) {
  std::vector<fs::path> found;
  for (const char* name : {"", kConfigFile, kAgentsFolder, kToolsFolder, kTracesFile}) {
    const fs::path path = *name ? home / name : home;
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
      found.push_back(path);
  }
  return found;
}

void add_rights(const fs::path& home, Findings& findings) {
  for (const fs::path& folder : {home, home / kLearningFolder}) {
    if (::access(folder.c_str(), W_OK | X_OK) == 0 || errno == ENOENT) continue;
    findings.push_back({"rights", State::bad, "'" + folder.string() + "' cannot be written to",
                        "chmod u+rwx '" + folder.string() + "', or mount its disk for writing"});
    return;
  }
  for (const fs::path& path : changeable_by_others(home))
    findings.push_back({"rights", State::warning,
                        "'" + path.string() + "' can be changed by others: it steers the assistant",
                        "chmod go-w '" + path.string() + "'"});
  for (const fs::path& path : open_to_others(home))
    findings.push_back({"rights", State::warning,
                        "'" + path.string() + "' can be read or changed by others",
                        "chmod go-rwx '" + path.string() + "'"});
}

void add_disk(const fs::path& home, Findings& findings) {
  struct statvfs facts {};
  if (::statvfs(home.c_str(), &facts) != 0) return;
  // File systems without a fixed number of files say 0 of 0.
  const std::uint64_t files = facts.f_files == 0 ? kLeastFiles : facts.f_favail;
  findings.push_back(disk_finding(std::uint64_t{facts.f_bavail} * facts.f_frsize, files));
}

void add_clock(Application& application, Findings& findings) {
  const auto traces = application.traces();
  if (!traces) return;
  TraceFilter newest;
  newest.limit = 1;
  const auto listed = (*traces)->list(newest);
  if (!listed) return;
  findings.push_back(
      clock_finding(application.clock().now(), listed->empty() ? 0 : listed->front().started_at));
}

/** The lock itself ends with its holder; only its note stays. */
void add_lock(const fs::path& home, Findings& findings) {
  constexpr std::size_t kLongestNote = 4096;
  const auto text = read_file(home / kLockFile, kLongestNote);
  if (!text || text->empty()) return;
  boost::system::error_code error;
  const json::value note = json::parse(*text, error);
  const auto pid =
      !error && note.is_object() ? sdk::optional_integer(note.as_object(), "pid") : std::int64_t{0};
  if (pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM)) {
    findings.push_back({"lock", State::warning,
                        "process " + std::to_string(pid) + " works on the home",
                        "wait until it has finished"});
    return;
  }
  findings.push_back({"lock", State::warning,
                      "'" + (home / kLockFile).string() + "' is of a process that is gone",
                      "the next command that changes the home takes it over"});
}

void add_stages(const fs::path& home, Findings& findings) {
  if (lock_holder(home)) return;  // they are in use
  std::error_code error;
  const auto count = std::distance(fs::directory_iterator(home / kStagingFolder, error), {});
  if (error || count == 0) return;
  findings.push_back({"leftovers", State::warning,
                      std::to_string(count) + " scratch copies of the home lie in '" +
                          (home / kStagingFolder).string() + "'",
                      "the next session removes what a sudden end left there"});
}

}  // namespace

Checkup disk_finding(std::uint64_t free_bytes, std::uint64_t free_files) {
  const std::string text = std::to_string(free_bytes >> 20) + " MB free";
  if (free_files < kLeastFiles)
    return {"disk", State::bad, "there is room for " + std::to_string(free_files) + " more files",
            "remove some from the home's disk"};
  if (free_bytes < kLeastFree)
    return {"disk", State::bad, text + ": a session needs 100 MB", "make room on the home's disk"};
  if (free_bytes < kEnoughFree)
    return {"disk", State::warning, text, "make room on the home's disk"};
  return {"disk", State::good, text};
}

Checkup clock_finding(double now, double newest) {
  if (now < kFirstOf2024)
    return {"clock", State::bad, "this machine says that it is " + iso8601(now),
            "set its clock: keys and certificates are refused otherwise"};
  if (newest > now + kDay)
    return {
        "clock", State::warning,
        "the newest trace is from " + iso8601(newest) + ", and now it is " + iso8601(now),
        "set this machine's clock; while it is behind, new traces count as older than that one"};
  return {"clock", State::good, "can be right"};
}

std::vector<Checkup> examine_files(Application& application) {
  const fs::path& home = application.home_path();
  Findings findings;
  if (!fs::is_directory(home)) return findings;
  add_databases(home, findings);
  add_records(application, findings);
  add_kept_aside(home, findings);
  if (findings.empty()) findings.push_back({"stores", State::good, "can be read"});
  add_rights(home, findings);
  add_disk(home, findings);
  add_clock(application, findings);
  add_lock(home, findings);
  add_stages(home, findings);
  return findings;
}

}  // namespace jarvis
