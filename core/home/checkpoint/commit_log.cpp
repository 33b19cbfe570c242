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

}  // namespace jarvis
