#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/checkpoint.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis::testing {

using Files = std::map<std::string, std::string>;

inline Result<std::string> read_from(const Files& files, const std::string& path) {
  const auto found = files.find(path);
  if (found == files.end()) return Error{ErrorKind::not_found, "no file '" + path + "'", ""};
  return found->second;
}

inline std::vector<std::string> names_of(const Files& files) {
  std::vector<std::string> names;
  for (const auto& [name, text] : files) names.push_back(name);
  return names;
}

/** A home whose tracked files are held in memory. `root` is for what is written beside them. */
class MemoryHome : public HomeView {
 public:
  explicit MemoryHome(std::filesystem::path root = "/nowhere") : root_(std::move(root)) {}

  Files files{{"config.toml", "skill = 0\n"}};

  const std::filesystem::path& root() const override { return root_; }
  Result<std::string> read(const std::string& path) const override {
    return read_from(files, path);
  }
  Result<std::vector<std::string>> tracked_files() const override { return names_of(files); }

 private:
  std::filesystem::path root_;
};

class MemoryStage : public HomeStage {
 public:
  explicit MemoryStage(Files base) : files(base), base_(std::move(base)) {}

  Files files;

  const std::filesystem::path& root() const override { return root_; }
  Result<std::string> read(const std::string& path) const override {
    return read_from(files, path);
  }
  Result<std::vector<std::string>> tracked_files() const override { return names_of(files); }
  Result<std::vector<FileChange>> changes() const override {
    std::vector<FileChange> changes;
    for (const auto& [path, text] : files) {
      const auto before = base_.find(path);
      if (before == base_.end())
        changes.push_back({path, std::nullopt, text});
      else if (before->second != text)
        changes.push_back({path, before->second, text});
    }
    return changes;
  }

 private:
  std::filesystem::path root_ = "/nowhere";
  Files base_;
};

class MemoryStager : public Stager {
 public:
  std::vector<std::string> names;  ///< of the stages made so far

  Result<std::unique_ptr<HomeStage>> stage(const HomeView& base, const std::string& name) override {
    names.push_back(name);
    Files files;
    const auto tracked = base.tracked_files();
    for (const std::string& path : *tracked) files[path] = *base.read(path);
    return std::unique_ptr<HomeStage>(std::make_unique<MemoryStage>(std::move(files)));
  }
};

/** Commits to a MemoryHome. */
class MemoryCheckpoint : public Checkpoint {
 public:
  struct Commit {
    std::string id;
    std::vector<FileChange> changes;
    CommitRequest request;
  };

  explicit MemoryCheckpoint(MemoryHome& live) : live_(live) {}

  std::vector<Commit> commits;
  std::vector<std::string> dirty;
  int dirty_from_call = 0;  ///< the call of dirty_paths from which `dirty` holds
  bool broken = false;
  std::vector<std::string> gone;  ///< ids of commits whose effect is not there any more
  std::vector<std::vector<std::string>> reverts;  ///< the ids of each call of revert, newest first

  Result<std::string> head() const override {
    if (broken) return Error{ErrorKind::io, "cannot read the repository", ""};
    return commits.empty() ? "baseline" : commits.back().id;
  }
  Result<std::vector<std::string>> dirty_paths() const override {
    return ++dirty_calls_ > dirty_from_call ? dirty : std::vector<std::string>();
  }
  Result<std::string> accept(const std::vector<FileChange>& changes,
                             const CommitRequest& request) override {
    for (const FileChange& change : changes)
      if (text_of(change.path) != change.before)
        return Error{ErrorKind::dirty, "'" + change.path + "' was changed by hand", ""};
    return commit(changes, request);
  }
  Result<CheckedIn> check_in() override {
    CheckedIn done{dirty.empty() ? "" : commit({}, {"Manual changes", "", {}}), dirty};
    dirty.clear();
    return done;
  }
  Result<void> reverts_recorded() override { return {}; }
  Result<Reverts> revert(const std::vector<std::string>& ids,
                         const std::vector<CommitRequest>& messages, TakenBack) override {
    reverts.emplace_back();
    const Files before = live_.files;
    std::vector<RevertedCommit> done;
    const std::vector<Commit> known = commits;
    for (auto at = known.rbegin(); at != known.rend(); ++at) {
      const auto wanted = std::find(ids.begin(), ids.end(), at->id);
      if (wanted == ids.end()) continue;
      reverts.back().push_back(at->id);
      if (std::find(gone.begin(), gone.end(), at->id) != gone.end()) {
        done.push_back({at->id, ""});
        continue;
      }
      std::vector<FileChange> back;
      for (const FileChange& change : at->changes) {
        if (text_of(change.path) != change.after) {
          live_.files = before;
          commits.resize(known.size());
          return Error{ErrorKind::refused, "'" + change.path + "' was changed since", ""};
        }
        back.push_back({change.path, change.after, change.before});
      }
      const auto index = static_cast<std::size_t>(wanted - ids.begin());
      done.push_back({at->id, commit(back, messages[index])});
    }
    return Reverts{{}, done};
  }
  Result<std::string> own_commit_of(const std::string& fingerprint) const override {
    const auto live = fingerprint_of(live_);
    if (!live) return live.error();
    return *live == fingerprint && !commits.empty() ? commits.back().id : "";
  }

 private:
  std::optional<std::string> text_of(const std::string& path) const {
    const auto found = live_.files.find(path);
    return found == live_.files.end() ? std::nullopt : std::optional(found->second);
  }
  std::string commit(const std::vector<FileChange>& changes, const CommitRequest& request) {
    for (const FileChange& change : changes)
      if (change.after)
        live_.files[change.path] = *change.after;
      else
        live_.files.erase(change.path);
    commits.push_back({"commit-" + std::to_string(commits.size() + 1), changes, request});
    return commits.back().id;
  }

  MemoryHome& live_;
  mutable int dirty_calls_ = 0;
};

}  // namespace jarvis::testing
