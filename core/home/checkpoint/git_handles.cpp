#include "core/home/checkpoint/git_handles.hpp"

#include <mutex>

namespace jarvis::git {

namespace {

Error error_of(int code, const std::string& what) {
  const git_error* last = git_error_last();
  const std::string message =
      what + ": " + (last && last->message ? last->message : "unknown error");
  if (code == GIT_EOWNER)
    return {ErrorKind::refused, message,
            "the repository belongs to another user: change its owner"};
  if (code == GIT_ELOCKED)
    return {ErrorKind::retryable, message,
            "another git program is at work in the home; try again when it has finished"};
  return {ErrorKind::io, message, "check the repository with 'git fsck'"};
}

}  // namespace

void start() {
  static std::once_flag started;
  std::call_once(started, [] {
    git_libgit2_init();
    for (const int level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                            GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
  });
}

void check(int code, const std::string& what) {
  if (code < 0) throw Failure{error_of(code, what)};
}

std::string text_of(const git_oid& id) {
  char text[GIT_OID_HEXSZ + 1] = {};
  git_oid_tostr(text, sizeof text, &id);
  return text;
}

git_oid id_of(const std::string& text) {
  git_oid id;
  if (text.size() != GIT_OID_HEXSZ || git_oid_fromstr(&id, text.c_str()) != 0)
    throw Failure{{ErrorKind::refused, "'" + text + "' is not the full id of a commit",
                   "another program wrote it, or changed it: use git by hand"}};
  return id;
}

}  // namespace jarvis::git
