#include "core/home/checkpoint/git_checkpoint.hpp"

#include <algorithm>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "core/home/checkpoint/commit_message.hpp"
#include "core/home/checkpoint/live_files.hpp"
#include "core/home/checkpoint/repository.hpp"
#include "core/home/checkpoint/reverter.hpp"
#include "core/home/checkpoint/transition_journal.hpp"
#include "core/home/checkpoint/tree.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

/** Of a repository that is not whole yet; it lies in the home, so that it can be moved. */
const std::string kUnfinished = ".jarvis-git-";

void refuse_foreign(const git::Entries& entries, const fs::path& home) {
  std::vector<std::string> foreign = git::foreign_paths(entries);
  if (foreign.empty()) return;
  const bool more = foreign.size() > 3;
  foreign.resize(std::min<std::size_t>(foreign.size(), 3));
  std::string names;
  for (const std::string& path : foreign) names += (names.empty() ? "'" : ", '") + path + "'";
  throw git::Failure{{ErrorKind::refused,
                      "the repository '" + (home / ".git").string() +
                          "' tracks other things: " + names + (more ? ", …" : ""),
                      "the checkpoint repository may track config.toml, agents/ and tools/ only; "
                      "move yours away, or "
                      "take these files out of it with 'git rm --cached'"}};
}

/** Another git program that writes the index would undo our refreshing of it, or fail by it. */
void refuse_locked_index(git_repository* repository, const fs::path& home) {
  const fs::path lock = home / ".git" / "index.lock";
  std::error_code ignored;
  if (fs::exists(lock, ignored))
    throw git::Failure{{ErrorKind::retryable, "another git program holds '" + lock.string() + "'",
                        "wait until it has finished; remove the file if none is running"}};
  const git::Index index =
      git::make<git::Index>("cannot open the index", git_repository_index, repository);
  git::check(git_index_read(index.get(), 1), "cannot read the index");
}

void refuse_uncommitted(git_repository* repository, const git::Entries& committed,
                        const std::vector<FileChange>& changes) {
  for (const FileChange& change : changes) {
    const auto found = committed.find(change.path);
    const bool same = found == committed.end()
                          ? !change.before
                          : change.before == git::blob_text(repository, found->second.id);
    if (!same)
      throw git::Failure{
          {ErrorKind::dirty,
           "Working tree dirty, cannot stage: '" + change.path + "' differs from the newest commit",
           "commit or revert the manual changes first"}};
  }
}

/** What is to become true at once: the branch at `commit`, and the files as `entries` has them. */
struct Transition {
  git_oid from{};
  git_oid to{};
  git::Entries entries;
  std::vector<FileChange> changes;
  std::string reason;
  std::vector<RevertedCommit> reverted = {};
};

std::vector<std::string> paths_of(const std::vector<FileChange>& changes) {
  std::vector<std::string> paths;
  for (const FileChange& change : changes) paths.push_back(change.path);
  return paths;
}

void carry_out(git_repository* repository, const fs::path& home, const Transition& step) {
  const std::string branch = git::branch_of(repository);
  const TransitionJournal journal(home);
  git::required(journal.begin(
      {git::text_of(step.from), git::text_of(step.to), paths_of(step.changes), step.reverted}));
  git::move_branch(repository, branch, step.from, step.to, step.reason);
  if (auto placed = place_files(home, step.changes); !placed) {
    git::move_branch(repository, branch, step.to, step.from, "learning: taken back");
    git::required(journal.end());
    throw git::Failure{placed.error()};
  }
  git::refresh_index(repository, step.entries, paths_of(step.changes));
  git::required(journal.end());
}

/** Puts in place what is not there yet of a transition whose branch has moved. */
void finish(git_repository* repository, const fs::path& home, const git_oid& from,
            const git_oid& to, RecoveryReport& report) {
  const git::Entries after = git::entries_of(git::tree_at(repository, to).get());
  const git::Entries before = git::entries_of(git::tree_at(repository, from).get());
  const auto changes = git::changes_between(repository, before, after);
  for (const FileChange& change : changes) {
    if (check_unchanged(home, {{change.path, change.after, change.before}})) continue;
    const bool is_old = check_unchanged(home, {change}).ok();
    if (is_old) git::required(place_files(home, {change}));
    (is_old ? report.placed : report.kept).push_back(change.path);
  }
  git::refresh_index(repository, after, paths_of(changes));
  report.kind = RecoveryReport::Kind::finished;
}

RecoveryReport recover_transition(const fs::path& home) {
  RecoveryReport report;
  const TransitionJournal journal(home);
  const auto planned = git::required(journal.interrupted());
  if (!planned) return report;
  const git::Repository repository = git::open(home);
  journal.clean(git::branch_of(repository.get()));
  const git_oid head = git::required_head(repository.get());
  report.commit = planned->to;
  if (git::text_of(head) == planned->to) {
    report.reverted = planned->reverted;
    finish(repository.get(), home, git::id_of(planned->from), head, report);
  } else {
    report.kind = git::text_of(head) == planned->from ? RecoveryReport::Kind::dropped
                                                      : RecoveryReport::Kind::left;
  }
  git::required(journal.end());
  return report;
}

/** The first commit, of what is there. */
git_oid commit_baseline(git_repository* repository, const git::Entries& entries) {
  const std::string subject = "learning: checkpoint baseline";
  const git_oid id = git::write_commit(repository, subject + "\n",
                                       git::write_tree(repository, entries), std::nullopt);
  git::move_branch(repository, git::branch_of(repository), std::nullopt, id, subject);
  return id;
}

InitReport baseline_in(const git::Repository& repository, const git::Entries& entries,
                       const git_oid& id) {
  std::vector<std::string> paths;
  for (const auto& [path, entry] : entries) paths.push_back(path);
  git::refresh_index(repository.get(), entries, paths);
  InitReport report;
  report.made_baseline = true;
  report.head = git::text_of(id);
  return report;
}

/** What a sudden end left of a repository that was being made. */
void remove_unfinished(const fs::path& home) {
  std::error_code error;
  fs::directory_iterator entries(home, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error))
    if (entries->path().filename().string().rfind(kUnfinished, 0) == 0) {
      std::error_code ignored;
      fs::remove_all(entries->path(), ignored);
    }
}

/** Made under another name and moved when it is whole: there is a repository with a baseline, or
 * none. */
InitReport make_repository(const fs::path& home) {
  remove_unfinished(home);
  const fs::path folder = home / (kUnfinished + random_hex(16));
  const git::Repository unfinished = git::create(folder);
  const git::Entries entries = git::entries_on_disk(unfinished.get(), home, true);
  const git_oid id = commit_baseline(unfinished.get(), entries);
  std::error_code error;
  fs::rename(folder, home / ".git", error);
  if (error)
    throw git::Failure{
        {ErrorKind::io,
         "cannot move the new repository to '" + (home / ".git").string() + "': " + error.message(),
         "check the rights on the home"}};
  git::required(sync_directory(home));
  InitReport report = baseline_in(git::open(home), entries, id);
  report.made_repository = true;
  return report;
}

InitReport init_repository(const fs::path& home) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(home / ".git", ignored))) return make_repository(home);
  const git::Repository repository = git::open(home);
  if (const auto head = git::head_of(repository.get())) {
    refuse_foreign(git::entries_of(git::tree_at(repository.get(), *head).get()), home);
    InitReport report;
    report.head = git::text_of(*head);
    return report;
  }
  const git::Entries entries = git::entries_on_disk(repository.get(), home, true);
  return baseline_in(repository, entries, commit_baseline(repository.get(), entries));
}

}  // namespace

GitCheckpoint::GitCheckpoint(fs::path home) : home_(std::move(home)) {}

Result<InitReport> GitCheckpoint::init() {
  return git::guarded<InitReport>([&] { return init_repository(home_); });
}

Result<RecoveryReport> GitCheckpoint::recover() {
  return git::guarded<RecoveryReport>([&] { return recover_transition(home_); });
}

Result<std::string> GitCheckpoint::head() const {
  return git::guarded<std::string>(
      [&] { return git::text_of(git::required_head(git::open(home_).get())); });
}

Result<std::vector<std::string>> GitCheckpoint::dirty_paths() const {
  return git::guarded<std::vector<std::string>>([&] {
    const git::Repository repository = git::open(home_);
    const git_oid head = git::required_head(repository.get());
    const git::Entries committed = git::entries_of(git::tree_at(repository.get(), head).get());
    const git::Entries live = git::entries_on_disk(repository.get(), home_, false);
    const std::vector<std::string> foreign = git::foreign_paths(committed);
    std::vector<std::string> dirty;
    for (const auto& [path, entry] : live)
      if (const auto found = committed.find(path);
          found == committed.end() || !git::same_content(found->second, entry))
        dirty.push_back(path);
    for (const auto& [path, entry] : committed)
      if (!live.contains(path) && std::find(foreign.begin(), foreign.end(), path) == foreign.end())
        dirty.push_back(path);
    std::sort(dirty.begin(), dirty.end());
    return dirty;
  });
}

Result<std::string> GitCheckpoint::accept(const std::vector<FileChange>& changes,
                                          const CommitRequest& request) {
  return git::guarded<std::string>([&] {
    const git::Repository repository = git::open(home_);
    const git_oid head = git::required_head(repository.get());
    git::required(check_placeable(home_, changes));
    const git::Entries committed = git::entries_of(git::tree_at(repository.get(), head).get());
    refuse_uncommitted(repository.get(), committed, changes);
    git::required(check_unchanged(home_, changes));
    refuse_locked_index(repository.get(), home_);
    Transition step;
    step.from = head;
    step.entries = git::with_changes(repository.get(), committed, changes);
    step.to = git::write_commit(repository.get(), commit_message(request),
                                git::write_tree(repository.get(), step.entries), head);
    step.changes = changes;
    step.reason = "learning: edit accepted";
    carry_out(repository.get(), home_, step);
    return git::text_of(step.to);
  });
}

Result<std::vector<RevertedCommit>> GitCheckpoint::revert(
    const std::vector<std::string>& commits, const std::vector<CommitRequest>& messages) {
  return git::guarded<std::vector<RevertedCommit>>([&]() -> std::vector<RevertedCommit> {
    if (commits.size() != messages.size())
      throw git::Failure{{ErrorKind::internal, "each commit to revert needs one message", ""}};
    if (commits.empty()) return {};
    const git::Repository repository = git::open(home_);
    const git_oid head = git::required_head(repository.get());
    const git::Entries committed = git::entries_of(git::tree_at(repository.get(), head).get());
    git::RevertChain chain = git::write_reverts(repository.get(), head, commits, messages);
    Transition step;
    step.from = head;
    step.to = chain.tip;
    step.entries = git::entries_of(git::tree_at(repository.get(), chain.tip).get());
    step.changes = git::changes_between(repository.get(), committed, step.entries);
    step.reason = "learning: rollback";
    step.reverted = chain.reverted;
    if (!step.changes.empty()) git::required(check_placeable(home_, step.changes));
    git::required(check_unchanged(home_, step.changes));
    refuse_locked_index(repository.get(), home_);
    carry_out(repository.get(), home_, step);
    return std::move(chain.reverted);
  });
}

}  // namespace jarvis
