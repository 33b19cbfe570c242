#include "core/home/checkpoint/repository.hpp"

#include <string_view>

#include "core/base/atomic_file.hpp"

namespace jarvis::git {

namespace fs = std::filesystem;

namespace {

constexpr const char* kName = "jarvis-learning";
constexpr const char* kEmail = "learning@jarvis.local";
constexpr int kMostForeignCommits = 1000;

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Failure{{ErrorKind::refused, message, hint}};
}

std::string activity_of(int state) {
  switch (state) {
    case GIT_REPOSITORY_STATE_MERGE:
      return "merge";
    case GIT_REPOSITORY_STATE_REVERT:
    case GIT_REPOSITORY_STATE_REVERT_SEQUENCE:
      return "revert";
    case GIT_REPOSITORY_STATE_CHERRYPICK:
    case GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE:
      return "cherry-pick";
    case GIT_REPOSITORY_STATE_BISECT:
      return "bisect";
    case GIT_REPOSITORY_STATE_APPLY_MAILBOX:
      return "git am";
    default:
      return "rebase";
  }
}

void check_state(git_repository* repository, const fs::path& home) {
  const std::string where = "'" + (home / ".git").string() + "'";
  if (git_repository_is_bare(repository))
    refuse("the repository " + where + " is bare", "set core.bare to false, or move it away");
  const char* workdir = git_repository_workdir(repository);
  std::error_code ignored;
  if (!workdir || !fs::equivalent(workdir, home, ignored))
    refuse("the repository " + where + " keeps its files in '" +
               std::string(workdir ? workdir : "") + "'",
           "unset core.worktree, or move the repository away");
  if (const int state = git_repository_state(repository); state != GIT_REPOSITORY_STATE_NONE)
    refuse("a " + activity_of(state) + " is under way in " + where,
           "finish it, or abort it with git");
  if (git_repository_head_detached(repository) == 1)
    refuse("HEAD is detached in " + where, "go back to a branch with 'git switch'");
}

}  // namespace

Repository open(const fs::path& home) {
  const fs::path folder = home / ".git";
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(folder, ignored);
  if (status.type() == fs::file_type::not_found)
    throw Failure{{ErrorKind::not_found,
                   "there is no checkpoint repository in '" + home.string() + "'",
                   "make it with 'learning init'"}};
  if (!fs::is_directory(status))
    refuse("'" + folder.string() + "' is not a directory: its repository lies elsewhere",
           "a home needs a repository of its own; move '.git' away");
  Repository repository =
      make<Repository>("cannot open '" + folder.string() + "'", git_repository_open_ext,
                       home.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  check_state(repository.get(), home);
  check(git_repository_set_ident(repository.get(), kName, kEmail), "cannot set the identity");
  return repository;
}

Repository create(const fs::path& folder) {
  required(make_private_directory(folder));
  git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
  options.flags = GIT_REPOSITORY_INIT_NO_REINIT | GIT_REPOSITORY_INIT_BARE;
  options.initial_head = "main";
  Repository made = make<Repository>("cannot make a repository in '" + folder.string() + "'",
                                     git_repository_init_ext, folder.c_str(), &options);
  const Config config =
      make<Config>("cannot open the repository's settings", git_repository_config, made.get());
  for (const auto& [name, value] : {std::pair{"core.autocrlf", 0}, std::pair{"core.bare", 0},
                                    std::pair{"core.logallrefupdates", 1}})
    check(git_config_set_bool(config.get(), name, value), std::string("cannot set ") + name);
  required(make_private_directory(folder / "info"));
  required(
      write_file_atomically(folder / "info" / "exclude",
                            "# Only these are tracked; the rest of the home is nobody's business.\n"
                            "/*\n!/config.toml\n!/agents\n!/tools\n"));
  return made;
}

std::string branch_of(git_repository* repository) {
  const Reference head =
      make<Reference>("cannot read HEAD", git_reference_lookup, repository, "HEAD");
  const char* target = git_reference_symbolic_target(head.get());
  if (!target) refuse("HEAD is detached", "go back to a branch with 'git switch'");
  return target;
}

std::optional<git_oid> head_of(git_repository* repository) {
  git_oid id;
  const int code = git_reference_name_to_id(&id, repository, "HEAD");
  if (code == GIT_ENOTFOUND) return std::nullopt;
  check(code, "cannot read HEAD");
  return id;
}

git_oid required_head(git_repository* repository) {
  const auto head = head_of(repository);
  if (!head)
    throw Failure{{ErrorKind::not_found, "the checkpoint repository has no commit yet",
                   "make the baseline with 'learning init'"}};
  return *head;
}

bool descends_from(git_repository* repository, const git_oid& commit, const git_oid& ancestor) {
  return git_graph_descendant_of(repository, &commit, &ancestor) == 1;
}

std::optional<git_oid> newest_own(git_repository* repository) {
  std::optional<git_oid> id = head_of(repository);
  for (int i = 0; id && i < kMostForeignCommits; ++i) {
    const Commit commit = commit_at(repository, *id);
    if (std::string_view(git_commit_author(commit.get())->email) == kEmail) return id;
    const git_oid* parent = git_commit_parent_id(commit.get(), 0);
    id = parent ? std::optional(*parent) : std::nullopt;
  }
  return std::nullopt;
}

Commit commit_at(git_repository* repository, const git_oid& id) {
  return make<Commit>("cannot read commit " + text_of(id), git_commit_lookup, repository, &id);
}

Tree tree_at(git_repository* repository, const git_oid& commit) {
  const Commit found = commit_at(repository, commit);
  return make<Tree>("cannot read the tree of " + text_of(commit), git_commit_tree,
                    static_cast<const git_commit*>(found.get()));
}

git_oid write_commit(git_repository* repository, const std::string& message, const git_oid& tree_id,
                     std::optional<git_oid> parent) {
  const Tree tree = make<Tree>("cannot read the new tree", git_tree_lookup, repository, &tree_id);
  const Signature signature =
      make<Signature>("cannot make a signature", git_signature_now, kName, kEmail);
  Commit parent_commit;
  if (parent) parent_commit = commit_at(repository, *parent);
  const git_commit* parents[] = {parent_commit.get()};
  git_oid id;
  check(git_commit_create(&id, repository, nullptr, signature.get(), signature.get(), "UTF-8",
                          message.c_str(), tree.get(), parent ? 1 : 0, parents),
        "cannot write a commit");
  return id;
}

void move_branch(git_repository* repository, const std::string& branch,
                 std::optional<git_oid> expected, const git_oid& id, const std::string& reason) {
  git_reference* moved = nullptr;
  const int code =
      expected ? git_reference_create_matching(&moved, repository, branch.c_str(), &id, 1,
                                               &*expected, reason.c_str())
               : git_reference_create(&moved, repository, branch.c_str(), &id, 0, reason.c_str());
  const Reference held(moved);
  if (code == GIT_EMODIFIED || code == GIT_EEXISTS)
    throw Failure{
        {ErrorKind::dirty, "somebody committed to '" + branch + "' at the same time", "try again"}};
  check(code, "cannot move '" + branch + "'");
}

}  // namespace jarvis::git
