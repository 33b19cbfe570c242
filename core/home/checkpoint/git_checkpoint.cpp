#include "core/home/checkpoint/git_checkpoint.hpp"

#include "core/home/checkpoint/baseline.hpp"
#include "core/home/checkpoint/commit_message.hpp"
#include "core/home/checkpoint/committed_home.hpp"
#include "core/home/checkpoint/finished_locks.hpp"
#include "core/home/checkpoint/hand_edits.hpp"
#include "core/home/checkpoint/live_files.hpp"
#include "core/home/checkpoint/repository.hpp"
#include "core/home/checkpoint/reverter.hpp"
#include "core/home/checkpoint/transition.hpp"
#include "core/home/checkpoint/transition_journal.hpp"
#include "core/home/settings/settings.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

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

CheckedIn checked_in(const std::optional<git::ManualCommit>& manual) {
  return manual ? CheckedIn{git::text_of(manual->id), manual->paths} : CheckedIn{};
}

/** What is taken back must not leave a config.toml behind that cannot be read, unless it was so
 * before. */
void refuse_broken_config(git_repository* repository, const fs::path& home, const git_oid& before,
                          const git_oid& after) {
  const auto settings_at = [&](const git_oid& commit) {
    return load_settings(git::CommittedHome(
        repository, home, git::entries_of(git::tree_at(repository, commit).get())));
  };
  const auto settings = settings_at(after);
  if (settings || !settings_at(before)) return;
  throw git::Failure{
      {ErrorKind::refused,
       "taking it back would leave a config.toml that does not hold: " + settings.error().message,
       "take the edit out of the file by hand; nothing was changed"}};
}

}  // namespace

GitCheckpoint::GitCheckpoint(fs::path home) : home_(std::move(home)) {}

Result<InitReport> GitCheckpoint::init() {
  return git::guarded<InitReport>([&] { return git::init_repository(home_); });
}

Result<RecoveryReport> GitCheckpoint::recover() {
  return git::guarded<RecoveryReport>([&] { return git::recover_transition(home_); });
}

Result<std::string> GitCheckpoint::head() const {
  return git::guarded<std::string>(
      [&] { return git::text_of(git::required_head(git::open(home_).get())); });
}

Result<std::vector<std::string>> GitCheckpoint::dirty_paths() const {
  return git::guarded<std::vector<std::string>>([&] {
    const git::Repository repository = git::open(home_);
    const git_oid head = git::required_head(repository.get());
    return git::paths_changed_by_hand(repository.get(), home_,
                                      git::entries_of(git::tree_at(repository.get(), head).get()));
  });
}

Result<CheckedIn> GitCheckpoint::check_in() {
  return git::guarded<CheckedIn>([&] {
    const git::Repository repository = git::open(home_);
    const git_oid head = git::required_head(repository.get());
    git::refuse_locked(repository.get(), home_);
    const auto manual = git::write_manual_commit(repository.get(), home_, head);
    if (manual)
      git::carry_out(repository.get(), home_,
                     {head, manual->id, manual->id, "learning: manual changes checked in"});
    return checked_in(manual);
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
    const git::Entries entries = git::with_changes(repository.get(), committed, changes);
    const git_oid commit = git::write_commit(repository.get(), commit_message(request),
                                             git::write_tree(repository.get(), entries), head);
    git::carry_out(repository.get(), home_, {head, commit, head, "learning: edit accepted"});
    return git::text_of(commit);
  });
}

Result<Reverts> GitCheckpoint::revert(const std::vector<std::string>& commits,
                                      const std::vector<CommitRequest>& messages, TakenBack what) {
  return git::guarded<Reverts>([&]() -> Reverts {
    if (commits.size() != messages.size())
      throw git::Failure{{ErrorKind::internal, "each commit to revert needs one message", ""}};
    if (commits.empty()) return {};
    const git::Repository repository = git::open(home_);
    const git_oid head = git::required_head(repository.get());
    const auto manual = git::write_manual_commit(repository.get(), home_, head);
    const git_oid live = manual ? manual->id : head;
    git::RevertChain chain = git::write_reverts(repository.get(), home_, live, commits, messages);
    refuse_broken_config(repository.get(), home_, live, chain.tip);
    if (git_oid_equal(&chain.tip, &head) == 0)
      git::carry_out(repository.get(), home_,
                     {head, chain.tip, live, "learning: rollback", chain.reverted, what});
    return {checked_in(manual), std::move(chain.reverted)};
  });
}

Result<void> GitCheckpoint::reverts_recorded() {
  return TransitionJournal(home_ / ".git").end();
}

Result<std::string> GitCheckpoint::own_commit_of(const std::string& fingerprint) const {
  return git::guarded<std::string>([&]() -> std::string {
    const git::Repository repository = git::open(home_);
    const auto id = git::newest_own(repository.get());
    if (!id) return "";
    const git::CommittedHome home(repository.get(), home_,
                                  git::entries_of(git::tree_at(repository.get(), *id).get()));
    return git::required(fingerprint_of(home)) == fingerprint ? git::text_of(*id) : "";
  });
}

}  // namespace jarvis
