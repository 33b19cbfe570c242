#include "core/home/checkpoint/baseline.hpp"

#include <algorithm>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "core/home/checkpoint/repository.hpp"
#include "core/home/checkpoint/transition_journal.hpp"
#include "core/home/checkpoint/tree.hpp"

namespace jarvis::git {

namespace fs = std::filesystem;

namespace {

/** Of a repository that is not whole yet; it lies in the home, so that it can be moved. */
const std::string kUnfinished = ".jarvis-git-";

void refuse_foreign(const Entries& entries, const fs::path& home) {
  std::vector<std::string> foreign = foreign_paths(entries);
  if (foreign.empty()) return;
  const bool more = foreign.size() > 3;
  foreign.resize(std::min<std::size_t>(foreign.size(), 3));
  std::string names;
  for (const std::string& path : foreign) names += (names.empty() ? "'" : ", '") + path + "'";
  throw Failure{{ErrorKind::refused,
                 "the repository '" + (home / ".git").string() + "' tracks other things: " + names +
                     (more ? ", …" : ""),
                 "the checkpoint repository may track config.toml, agents/ and tools/ only; "
                 "move yours away, or "
                 "take these files out of it with 'git rm --cached'"}};
}

/** The first commit, of what is there. */
git_oid commit_baseline(git_repository* repository, const Entries& entries) {
  const std::string subject = "learning: checkpoint baseline";
  const git_oid id =
      write_commit(repository, subject + "\n", write_tree(repository, entries), std::nullopt);
  move_branch(repository, branch_of(repository), std::nullopt, id, subject);
  return id;
}

std::vector<std::string> paths_of(const Entries& entries) {
  std::vector<std::string> paths;
  for (const auto& [path, entry] : entries) paths.push_back(path);
  return paths;
}

/** The index can be written only where the files are, and that too may be interrupted. */
PlannedTransition refreshing(const Entries& entries, const git_oid& id) {
  return {text_of(id), text_of(id), paths_of(entries), {}, {}};
}

InitReport with_index(const fs::path& home, const Entries& entries, const git_oid& id) {
  refresh_index(open(home).get(), entries, paths_of(entries));
  required(TransitionJournal(home / ".git").end());
  InitReport report;
  report.made_baseline = true;
  report.head = text_of(id);
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
  const Repository unfinished = create(folder);
  const Entries entries = entries_on_disk(unfinished.get(), home, true);
  const git_oid id = commit_baseline(unfinished.get(), entries);
  required(TransitionJournal(folder).begin(refreshing(entries, id)));
  std::error_code error;
  fs::rename(folder, home / ".git", error);
  if (error)
    throw Failure{
        {ErrorKind::io,
         "cannot move the new repository to '" + (home / ".git").string() + "': " + error.message(),
         "check the rights on the home"}};
  required(sync_directory(home));
  InitReport report = with_index(home, entries, id);
  report.made_repository = true;
  return report;
}

}  // namespace

InitReport init_repository(const fs::path& home) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(home / ".git", ignored))) return make_repository(home);
  const Repository repository = open(home);
  if (const auto head = head_of(repository.get())) {
    refuse_foreign(entries_of(tree_at(repository.get(), *head).get()), home);
    InitReport report;
    report.head = text_of(*head);
    return report;
  }
  const Entries entries = entries_on_disk(repository.get(), home, true);
  const git_oid id = commit_baseline(repository.get(), entries);
  required(TransitionJournal(home / ".git").begin(refreshing(entries, id)));
  return with_index(home, entries, id);
}

}  // namespace jarvis::git
