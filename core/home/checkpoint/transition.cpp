#include "core/home/checkpoint/transition.hpp"

#include <chrono>
#include <thread>

#include "core/home/checkpoint/finished_locks.hpp"
#include "core/home/checkpoint/live_files.hpp"
#include "core/home/checkpoint/repository.hpp"
#include "core/home/checkpoint/transition_journal.hpp"

namespace jarvis::git {

namespace fs = std::filesystem;

namespace {

constexpr int kLooksAtLock = 20;
constexpr std::chrono::milliseconds kBetweenLooks{25};

/** What holds the lock of the index or of the branch; empty when nothing does. */
fs::path lock_file(git_repository* repository, const fs::path& home) {
  std::error_code ignored;
  for (const std::string& name : {std::string("index"), branch_of(repository)})
    if (const fs::path lock = home / ".git" / (name + ".lock"); fs::exists(lock, ignored))
      return lock;
  return {};
}

Entries entries_at(git_repository* repository, const git_oid& commit) {
  return entries_of(tree_at(repository, commit).get());
}

/** Another git program that took the lock in this moment has been in time. */
bool has_not_moved(const Failure& failure) {
  return failure.error.kind == ErrorKind::retryable || failure.error.kind == ErrorKind::dirty;
}

/** Puts in place what is not there yet of a transition whose branch has moved. */
void finish(git_repository* repository, const fs::path& home, const PlannedTransition& planned,
            RecoveryReport& report) {
  const Entries after = entries_at(repository, id_of(planned.to));
  const Entries live =
      entries_at(repository, id_of(planned.live.empty() ? planned.from : planned.live));
  for (const FileChange& change : changes_between(repository, live, after)) {
    if (check_unchanged(home, {{change.path, change.after, change.before}})) continue;
    const bool is_old = check_unchanged(home, {change}).ok();
    if (is_old) required(place_files(home, {change}));
    (is_old ? report.placed : report.kept).push_back(change.path);
  }
  // Of the first commit all is new to the index.
  const Entries before =
      planned.from == planned.to ? Entries() : entries_at(repository, id_of(planned.from));
  refresh_index(repository, after, differing_paths(before, after));
  report.kind = RecoveryReport::Kind::finished;
}

}  // namespace

void refuse_locked(git_repository* repository, const fs::path& home) {
  fs::path lock = lock_file(repository, home);
  for (int i = 1; i < kLooksAtLock && !lock.empty(); ++i) {
    std::this_thread::sleep_for(kBetweenLooks);
    lock = lock_file(repository, home);
  }
  if (!lock.empty())
    throw Failure{{ErrorKind::retryable, "another git program holds '" + lock.string() + "'",
                   "wait until it has finished; remove the file if none is running"}};
  const Index index = make<Index>("cannot open the index", git_repository_index, repository);
  check(git_index_read(index.get(), 1), "cannot read the index");
}

void carry_out(git_repository* repository, const fs::path& home, const Transition& step) {
  const Entries after = entries_at(repository, step.to);
  const auto changes = changes_between(repository, entries_at(repository, step.live), after);
  if (!changes.empty()) required(check_placeable(home, changes));
  required(check_unchanged(home, changes));
  refuse_locked(repository, home);
  const auto paths = differing_paths(entries_at(repository, step.from), after);
  const std::string branch = branch_of(repository);
  const TransitionJournal journal(home / ".git");
  required(journal.begin(
      {text_of(step.from), text_of(step.to), paths, step.reverted, text_of(step.live), step.what}));
  try {
    move_branch(repository, branch, step.from, step.to, step.reason);
  } catch (const Failure& failure) {
    if (has_not_moved(failure)) required(journal.end());
    throw;
  }
  if (auto placed = place_files(home, changes); !placed) {
    // What cannot be taken back is finished by recovery, from the note.
    if (any_in_place(home, changes)) throw Failure{placed.error()};
    move_branch(repository, branch, step.to, step.from, "learning: taken back");
    required(journal.end());
    throw Failure{placed.error()};
  }
  refresh_index(repository, after, paths);
  if (step.reverted.empty()) required(journal.end());
}

RecoveryReport recover_transition(const fs::path& home) {
  RecoveryReport report;
  remove_finished_locks(home / ".git");
  const TransitionJournal journal(home / ".git");
  const auto planned = required(journal.interrupted());
  if (!planned) return report;
  const Repository repository = open(home);
  journal.clean(branch_of(repository.get()));
  const git_oid head = required_head(repository.get());
  report.commit = planned->to;
  if (text_of(head) == planned->from) {
    report.kind = RecoveryReport::Kind::dropped;
  } else if (text_of(head) == planned->to) {
    finish(repository.get(), home, *planned, report);
  } else {
    report.kind = RecoveryReport::Kind::left;
  }
  const bool has_moved = report.kind == RecoveryReport::Kind::finished ||
                         descends_from(repository.get(), head, id_of(planned->to));
  if (has_moved && !planned->reverted.empty()) {
    report.reverted = planned->reverted;
    report.what = planned->what;
  } else {
    required(journal.end());
  }
  return report;
}

}  // namespace jarvis::git
