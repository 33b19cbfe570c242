#include "core/home/checkpoint/git_checkpoint.hpp"

#include <algorithm>

#include "core/home/checkpoint/commit_message.hpp"
#include "core/home/checkpoint/live_files.hpp"
#include "core/home/checkpoint/repository.hpp"
#include "core/home/checkpoint/reverter.hpp"
#include "core/home/checkpoint/tree.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

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
};

void carry_out(git_repository* repository, const fs::path& home, const Transition& step) {
  const std::string branch = git::branch_of(repository);
  git::move_branch(repository, branch, step.from, step.to, step.reason);
  if (auto placed = place_files(home, step.changes); !placed) {
    git::move_branch(repository, branch, step.to, step.from, "learning: taken back");
    throw git::Failure{placed.error()};
  }
  std::vector<std::string> paths;
  for (const FileChange& change : step.changes) paths.push_back(change.path);
  git::refresh_index(repository, step.entries, paths);
}

InitReport init_repository(const fs::path& home) {
  InitReport report;
  std::error_code ignored;
  report.made_repository = !fs::exists(fs::symlink_status(home / ".git", ignored));
  const git::Repository repository = report.made_repository ? git::create(home) : git::open(home);
  if (const auto head = git::head_of(repository.get())) {
    refuse_foreign(git::entries_of(git::tree_at(repository.get(), *head).get()), home);
    report.head = git::text_of(*head);
    return report;
  }
  const git::Entries entries = git::entries_on_disk(repository.get(), home, true);
  const git_oid tree = git::write_tree(repository.get(), entries);
  const std::string subject = "learning: checkpoint baseline";
  const git_oid id = git::write_commit(repository.get(), subject + "\n", tree, std::nullopt);
  git::move_branch(repository.get(), git::branch_of(repository.get()), std::nullopt, id, subject);
  std::vector<std::string> paths;
  for (const auto& [path, entry] : entries) paths.push_back(path);
  git::refresh_index(repository.get(), entries, paths);
  report.made_baseline = true;
  report.head = git::text_of(id);
  return report;
}

}  // namespace

GitCheckpoint::GitCheckpoint(fs::path home) : home_(std::move(home)) {}

Result<InitReport> GitCheckpoint::init() {
  return git::guarded<InitReport>([&] { return init_repository(home_); });
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
    if (!step.changes.empty()) git::required(check_placeable(home_, step.changes));
    git::required(check_unchanged(home_, step.changes));
    refuse_locked_index(repository.get(), home_);
    carry_out(repository.get(), home_, step);
    return std::move(chain.reverted);
  });
}

}  // namespace jarvis
