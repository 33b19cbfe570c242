#include "core/home/checkpoint/reverter.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "core/home/checkpoint/commit_message.hpp"
#include "core/home/checkpoint/committed_home.hpp"
#include "core/home/checkpoint/conflict.hpp"
#include "core/home/checkpoint/repository.hpp"
#include "core/home/paths.hpp"
#include "core/home/settings/settings.hpp"

namespace jarvis::git {

namespace fs = std::filesystem;

namespace {

constexpr int kMostStatesSearched = 1000;

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Failure{{ErrorKind::refused, message, hint}};
}

std::string short_name(const git_oid& id) {
  return "commit " + text_of(id).substr(0, 8);
}

/** One commit to take back, and which of the caller's it is. */
struct Wanted {
  git_oid id{};
  std::size_t index = 0;
};

/** Newest first, as the history has them: the clock may have jumped. */
std::vector<Wanted> in_history_order(git_repository* repository, const git_oid& tip,
                                     const std::vector<std::string>& commits) {
  std::map<std::string, std::size_t> missing;
  for (std::size_t i = 0; i < commits.size(); ++i) missing[text_of(id_of(commits[i]))] = i;
  const Walk walk = make<Walk>("cannot walk the history", git_revwalk_new, repository);
  git_revwalk_sorting(walk.get(), GIT_SORT_TOPOLOGICAL);
  check(git_revwalk_push(walk.get(), &tip), "cannot walk the history");
  std::vector<Wanted> found;
  git_oid id;
  int code = 0;
  while (!missing.empty() && (code = git_revwalk_next(&id, walk.get())) == 0) {
    const auto wanted = missing.find(text_of(id));
    if (wanted == missing.end()) continue;
    found.push_back({id, wanted->second});
    missing.erase(wanted);
  }
  if (code != GIT_ITEROVER) check(code, "cannot walk the history");
  if (!missing.empty())
    refuse(
        "commit " + missing.begin()->first + " is not in the history of the checkpoint repository",
        "the history was rewritten, or the commit belongs to another branch");
  return found;
}

Commit revertible(git_repository* repository, const git_oid& id) {
  Commit commit = commit_at(repository, id);
  if (const unsigned parents = git_commit_parentcount(commit.get()); parents != 1)
    refuse(short_name(id) + (parents == 0 ? " is the first one" : " is a merge") +
               " and cannot be reverted",
           "undo it with git");
  return commit;
}

struct Conflict {
  std::string path;
  std::optional<git_oid> base, ours, theirs;
};

std::vector<Conflict> conflicts_of(git_index* index) {
  const Conflicts found =
      make<Conflicts>("cannot list the conflicts", git_index_conflict_iterator_new, index);
  const auto id = [](const git_index_entry* entry) {
    return entry ? std::make_optional(entry->id) : std::nullopt;
  };
  std::vector<Conflict> conflicts;
  const git_index_entry *base, *ours, *theirs;
  while (git_index_conflict_next(&base, &ours, &theirs, found.get()) == 0)
    conflicts.push_back({(base   ? base
                          : ours ? ours
                                 : theirs)
                             ->path,
                         id(base), id(ours), id(theirs)});
  return conflicts;
}

int note_new_name(const git_diff_delta* delta, float, void* payload) {
  if (delta->status == GIT_DELTA_RENAMED)
    (*static_cast<std::map<std::string, std::string>*>(payload))[delta->old_file.path] =
        delta->new_file.path;
  return 0;
}

/** Where files of one state lie in a later one under another name. */
std::map<std::string, std::string> renames(git_repository* repository, const git_oid& from,
                                           const git_oid& to) {
  const Tree before = tree_at(repository, from), after = tree_at(repository, to);
  const Diff diff = make<Diff>("cannot compare two states", git_diff_tree_to_tree, repository,
                               before.get(), after.get(), nullptr);
  git_diff_find_options options = GIT_DIFF_FIND_OPTIONS_INIT;
  options.flags = GIT_DIFF_FIND_RENAMES;
  check(git_diff_find_similar(diff.get(), &options), "cannot look for renamed files");
  std::map<std::string, std::string> names;
  check(git_diff_foreach(diff.get(), note_new_name, nullptr, nullptr, nullptr, &names),
        "cannot list renamed files");
  return names;
}

/** A commit taken back on top of a state. */
struct Attempt {
  git_oid tree{};
  std::vector<Conflict> conflicts;  ///< with some there is no tree
  std::map<std::string, std::string> renamed;
};

Attempt attempt(git_repository* repository, git_commit* commit, const git_oid& tip) {
  const Commit ours = commit_at(repository, tip);
  git_merge_options options = GIT_MERGE_OPTIONS_INIT;
  options.flags = 0;  // a file that moved is not followed: what is reverted stays predictable
  const Index index = make<Index>("cannot revert a commit", git_revert_commit, repository, commit,
                                  ours.get(), 0u, &options);
  Attempt made;
  const bool has_conflicts = git_index_has_conflicts(index.get()) != 0;
  if (has_conflicts) made.renamed = renames(repository, *git_commit_id(commit), tip);
  for (Conflict& conflict : has_conflicts ? conflicts_of(index.get()) : std::vector<Conflict>()) {
    const bool deleted = !conflict.ours && !made.renamed.contains(conflict.path);
    if (deleted)
      check(git_index_conflict_remove(index.get(), conflict.path.c_str()), "cannot merge");
    else
      made.conflicts.push_back(std::move(conflict));
  }
  if (made.conflicts.empty())
    check(git_index_write_tree_to(&made.tree, index.get(), repository), "cannot write a tree");
  return made;
}

git_oid tree_of(git_repository* repository, const git_oid& commit) {
  return *git_tree_id(tree_at(repository, commit).get());
}

/** Whether the commit was taken back at some time after it was made, and did not come again: later
 * changes of the same lines then conflict with taking it back, and do not need it. */
bool was_taken_back(git_repository* repository, git_commit* commit, git_oid state) {
  for (int i = 0; i < kMostStatesSearched; ++i) {
    if (git_oid_equal(&state, git_commit_id(commit)) != 0) return false;
    const Attempt made = attempt(repository, commit, state);
    const git_oid tree = tree_of(repository, state);
    if (made.conflicts.empty()) return git_oid_equal(&made.tree, &tree) != 0;
    const Commit at = commit_at(repository, state);
    const git_oid* parent = git_commit_parent_id(at.get(), 0);
    if (!parent) return false;
    state = *parent;
  }
  return false;
}

/** What config.toml hides in any of the states. */
std::vector<std::string> secrets_of(git_repository* repository, const fs::path& home,
                                    const std::vector<git_oid>& states) {
  std::vector<std::string> secrets;
  for (const git_oid& state : states) {
    const CommittedHome committed(repository, home, entries_of(tree_at(repository, state).get()));
    if (const auto values = secret_config_values(committed))
      secrets.insert(secrets.end(), values->begin(), values->end());
  }
  return secrets;
}

[[noreturn]] void refuse_conflicts(git_repository* repository, const fs::path& home,
                                   git_commit* commit, const git_oid& tip, const Attempt& made) {
  const git_oid id = *git_commit_id(commit);
  const std::vector<std::string> secrets =
      secrets_of(repository, home, {tip, id, *git_commit_parent_id(commit, 0)});
  const auto text = [&](const std::optional<git_oid>& blob) {
    return blob ? std::make_optional(blob_text(repository, *blob)) : std::nullopt;
  };
  std::string list;
  for (const Conflict& conflict : made.conflicts) {
    const auto base = text(conflict.base), ours = text(conflict.ours),
               theirs = text(conflict.theirs);
    list += (list.empty() ? "" : "; ") +
            describe_conflict({conflict.path, base ? &*base : nullptr, ours ? &*ours : nullptr,
                               theirs ? &*theirs : nullptr, secrets});
    if (const auto name = made.renamed.find(conflict.path); name != made.renamed.end())
      list += ", it is '" + name->second + "' now";
  }
  refuse(short_name(id) + " cannot be taken back, later changes are in the way: " + list,
         "undo the later changes first, or take the edit out of the file by hand; nothing was "
         "changed");
}

}  // namespace

RevertChain write_reverts(git_repository* repository, const fs::path& home, const git_oid& tip,
                          const std::vector<std::string>& commits,
                          const std::vector<CommitRequest>& messages) {
  RevertChain chain;
  chain.tip = tip;
  for (const Wanted& wanted : in_history_order(repository, tip, commits)) {
    const Commit commit = revertible(repository, wanted.id);
    const Attempt made = attempt(repository, commit.get(), chain.tip);
    if (!made.conflicts.empty() && !was_taken_back(repository, commit.get(), chain.tip))
      refuse_conflicts(repository, home, commit.get(), chain.tip, made);
    const git_oid present = tree_of(repository, chain.tip);
    const bool is_gone = !made.conflicts.empty() || git_oid_equal(&made.tree, &present) != 0;
    if (!is_gone)
      chain.tip =
          write_commit(repository, commit_message(messages[wanted.index]), made.tree, chain.tip);
    chain.reverted.push_back({commits[wanted.index], is_gone ? "" : text_of(chain.tip)});
  }
  return chain;
}

}  // namespace jarvis::git
