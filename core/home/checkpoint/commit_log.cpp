#include "core/home/checkpoint/commit_log.hpp"

#include "core/home/checkpoint/repository.hpp"

namespace jarvis {

Result<std::vector<CommitLine>> commit_log(const std::filesystem::path& home, std::size_t limit) {
  return git::guarded<std::vector<CommitLine>>([&]() -> Result<std::vector<CommitLine>> {
    const auto repository = git::open(home);
    std::vector<CommitLine> lines;
    std::optional<git_oid> next = git::head_of(repository.get());
    while (next && lines.size() < limit) {
      const auto commit = git::commit_at(repository.get(), *next);
      const char* subject = git_commit_summary(commit.get());
      lines.push_back({git::text_of(*next), subject ? subject : ""});
      const git_oid* parent = git_commit_parent_id(commit.get(), 0);
      next = parent ? std::optional(*parent) : std::nullopt;
    }
    return lines;
  });
}

Result<std::map<std::string, double>> commit_times(const std::filesystem::path& home,
                                                   const std::vector<std::string>& ids) {
  using Times = std::map<std::string, double>;
  if (ids.empty()) return Times();
  return git::guarded<Times>([&]() -> Result<Times> {
    const auto repository = git::open(home);
    Times times;
    for (const std::string& id : ids) {
      git_oid name;
      git_commit* commit = nullptr;
      if (git_oid_fromstr(&name, id.c_str()) != 0 ||
          git_commit_lookup(&commit, repository.get(), &name) != 0)
        continue;
      const git::Commit owner(commit);
      times[id] = static_cast<double>(git_commit_time(commit));
    }
    return times;
  });
}

}  // namespace jarvis
