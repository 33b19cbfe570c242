#include <algorithm>

#include "core/home/checkpoint/changed_lines.hpp"
#include "core/home/checkpoint/git_handles.hpp"
#include "core/ports/checkpoint.hpp"

namespace jarvis {

namespace {

git::Patch patch_of(const FileChange& change) {
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  // Nothing that somebody is asked to approve may hide behind "binary files differ".
  options.flags = GIT_DIFF_FORCE_TEXT;
  const auto bytes = [](const std::optional<std::string>& text) {
    return text ? text->data() : nullptr;
  };
  const auto size = [](const std::optional<std::string>& text) { return text ? text->size() : 0; };
  return git::make<git::Patch>("cannot compare '" + change.path + "'", git_patch_from_buffers,
                               static_cast<const void*>(bytes(change.before)), size(change.before),
                               change.path.c_str(), static_cast<const void*>(bytes(change.after)),
                               size(change.after), change.path.c_str(), &options);
}

}  // namespace

Result<std::string> unified_diff(const std::vector<FileChange>& changes) {
  return git::guarded<std::string>([&] {
    std::string text;
    for (const FileChange& change : changes) {
      const git::Patch patch = patch_of(change);
      git_buf printed = GIT_BUF_INIT;
      const int code = git_patch_to_buf(&printed, patch.get());
      if (code == 0) text.append(printed.ptr, printed.size);
      git_buf_dispose(&printed);
      git::check(code, "cannot print the difference of '" + change.path + "'");
    }
    return text;
  });
}

double changed_line_share(const std::string& before, const std::string& after) {
  if (before == after) return 0;
  if (before.empty()) return 1;
  const auto newlines = std::count(before.begin(), before.end(), '\n');
  const double lines = static_cast<double>(newlines + (before.back() == '\n' ? 0 : 1));
  const auto removed = git::guarded<std::size_t>([&] {
    std::size_t count = 0;
    const git::Patch patch = patch_of({"text", before, after});
    git::check(git_patch_line_stats(nullptr, nullptr, &count, patch.get()), "cannot count lines");
    return count;
  });
  // Texts that cannot be compared count as changed throughout: the careful reading.
  return removed ? std::min(1.0, static_cast<double>(*removed) / lines) : 1.0;
}

}  // namespace jarvis
