#pragma once

#include <git2.h>

#include <exception>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "core/model/result.hpp"

namespace jarvis::git {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using Repository = std::unique_ptr<git_repository, FreeWith<git_repository_free>>;
using Reference = std::unique_ptr<git_reference, FreeWith<git_reference_free>>;
using Commit = std::unique_ptr<git_commit, FreeWith<git_commit_free>>;
using Tree = std::unique_ptr<git_tree, FreeWith<git_tree_free>>;
using Blob = std::unique_ptr<git_blob, FreeWith<git_blob_free>>;
using Walk = std::unique_ptr<git_revwalk, FreeWith<git_revwalk_free>>;
using Index = std::unique_ptr<git_index, FreeWith<git_index_free>>;
using Diff = std::unique_ptr<git_diff, FreeWith<git_diff_free>>;
using Patch = std::unique_ptr<git_patch, FreeWith<git_patch_free>>;
using Signature = std::unique_ptr<git_signature, FreeWith<git_signature_free>>;
using Config = std::unique_ptr<git_config, FreeWith<git_config_free>>;
using Conflicts =
    std::unique_ptr<git_index_conflict_iterator, FreeWith<git_index_conflict_iterator_free>>;

/** A failure on its way to the edge of this folder, where `guarded` turns it into a Result. */
struct Failure {
  Error error;
};

/** Starts libgit2 once: no system or user configuration, repositories synced to disk. */
void start();

/** Throws Failure with libgit2's own words when `code` is an error. `what` as in "cannot write a
 * tree". */
void check(int code, const std::string& what);

/** Makes a handle from a libgit2 function whose first parameter receives the object. */
template <class Handle, class Function, class... Arguments>
Handle make(const std::string& what, Function function, Arguments... arguments) {
  typename Handle::pointer object = nullptr;
  check(function(&object, arguments...), what);
  return Handle(object);
}

template <class T, class Body>
Result<T> guarded(Body body) {
  try {
    start();
    return body();
  } catch (const Failure& failure) {
    return failure.error;
  } catch (const std::exception& exception) {
    return Error{ErrorKind::io, std::string("the checkpoint failed: ") + exception.what(),
                 "check the rights on the home and the space on the disk"};
  }
}

/** Unwraps a Result, or throws its error as a Failure. */
template <class T>
T required(Result<T> result) {
  if (!result) throw Failure{result.error()};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string text_of(const git_oid& id);
/** The id that a text of full length names. Throws Failure(refused). */
git_oid id_of(const std::string& text);

}  // namespace jarvis::git
