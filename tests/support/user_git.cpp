#include "tests/support/user_git.hpp"

#include "core/home/checkpoint/git_handles.hpp"

namespace jarvis::testing {

void commit_by_user(const std::filesystem::path& home, const std::vector<std::string>& files) {
  git::start();
  const auto repository = git::make<git::Repository>("init", git_repository_init, home.c_str(), 0u);
  const auto index = git::make<git::Index>("index", git_repository_index, repository.get());
  for (const std::string& file : files)
    git::check(git_index_add_bypath(index.get(), file.c_str()), "add");
  git_oid tree_id, commit_id, head;
  git::check(git_index_write_tree(&tree_id, index.get()), "write tree");
  git::check(git_index_write(index.get()), "write index");
  const auto tree = git::make<git::Tree>("tree", git_tree_lookup, repository.get(), &tree_id);
  const auto who =
      git::make<git::Signature>("who", git_signature_now, "Wren", "wren@ferrenmark.example");
  git::Commit parent;
  if (git_reference_name_to_id(&head, repository.get(), "HEAD") == 0)
    parent = git::make<git::Commit>("parent", git_commit_lookup, repository.get(), &head);
  const git_commit* parents[] = {parent.get()};
  git::check(git_commit_create(&commit_id, repository.get(), "HEAD", who.get(), who.get(), nullptr,
                               "mine\n", tree.get(), parent ? 1 : 0, parents),
             "commit");
}

}  // namespace jarvis::testing
