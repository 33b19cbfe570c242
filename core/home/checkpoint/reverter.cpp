#include "core/home/checkpoint/reverter.hpp"

#include <set>

#include "core/home/checkpoint/commit_message.hpp"
#include "core/home/checkpoint/repository.hpp"

namespace jarvis::git {

namespace {

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Failure{{ErrorKind::refused, message, hint}};
}

git_oid checked_id(git_repository* repository, const git_oid& head, const std::string& text) {
  const git_oid id = id_of(text);
  const bool present =
      git_oid_equal(&id, &head) || git_graph_descendant_of(repository, &head, &id) == 1;
  if (!present)
    refuse("commit " + text + " is not in the history of the checkpoint repository",
           "the history was rewritten, or the commit belongs to another branch");
  return id;
}

std::string conflict_paths(git_index* index) {
  const Conflicts conflicts =
      make<Conflicts>("cannot list the conflicts", git_index_conflict_iterator_new, index);
  std::set<std::string> paths;
  const git_index_entry *ancestor, *ours, *theirs;
  while (git_index_conflict_next(&ancestor, &ours, &theirs, conflicts.get()) == 0)
    for (const git_index_entry* entry : {ancestor, ours, theirs})
      if (entry) paths.insert(entry->path);
  std::string text;
  for (const std::string& path : paths) text += (text.empty() ? "'" : ", '") + path + "'";
  return text;
}

git_oid reverted_tree(git_repository* repository, const git_oid& id, const git_oid& tip) {
  const Commit commit = commit_at(repository, id);
  if (const unsigned parents = git_commit_parentcount(commit.get()); parents != 1)
    refuse("commit " + text_of(id) + (parents == 0 ? " is the first one" : " is a merge") +
               " and cannot be reverted",
           "");
  const Commit ours = commit_at(repository, tip);
  git_merge_options options = GIT_MERGE_OPTIONS_INIT;
  options.flags = 0;  // a file that moved is not followed: what is reverted stays predictable
  const Index index = make<Index>("cannot revert " + text_of(id), git_revert_commit, repository,
                                  commit.get(), ours.get(), 0u, &options);
  if (git_index_has_conflicts(index.get()))
    refuse("commit " + text_of(id) + " cannot be reverted: later changes conflict in " +
               conflict_paths(index.get()),
           "revert the later changes first, or edit the files by hand; nothing was changed");
  git_oid tree;
  check(git_index_write_tree_to(&tree, index.get(), repository), "cannot write a tree");
  return tree;
}

}  // namespace

RevertChain write_reverts(git_repository* repository, const git_oid& head,
                          const std::vector<std::string>& commits,
                          const std::vector<CommitRequest>& messages) {
  RevertChain chain;
  chain.tip = head;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    const git_oid id = checked_id(repository, head, commits[i]);
    const git_oid tree = reverted_tree(repository, id, chain.tip);
    chain.tip = write_commit(repository, commit_message(messages[i]), tree, chain.tip);
    chain.reverted.push_back({commits[i], text_of(chain.tip)});
  }
  return chain;
}

}  // namespace jarvis::git
