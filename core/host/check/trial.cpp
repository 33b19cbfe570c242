#include "core/host/check/trial.hpp"

#include <jarvis/sdk/payload/edit.hpp>

#include "core/base/atomic_file.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

/** Everything below `folder` but what is below `except`: text of files, targets of links. */
std::map<std::string, std::string> contents(const fs::path& folder, const fs::path& except) {
  std::map<std::string, std::string> found;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; at != end; at.increment(error)) {
    const fs::path& path = at->path();
    std::string& text = found[path.lexically_relative(folder).string()];
    if (path == except)
      at.disable_recursion_pending();
    else if (at->is_symlink(error))
      text = "link to " + fs::read_symlink(path, error).string();
    else if (at->is_regular_file(error)) {
      auto bytes = read_file(path);
      text = bytes ? std::move(*bytes) : bytes.error().message;
    }
  }
  return found;
}

/** The first path that is on one side only or differs; empty where all is the same. */
std::string first_difference(const std::map<std::string, std::string>& before,
                             const std::map<std::string, std::string>& after) {
  for (const auto& [path, text] : after) {
    const auto old = before.find(path);
    if (old == before.end() || old->second != text) return path;
  }
  for (const auto& [path, text] : before)
    if (after.count(path) == 0) return path;
  return {};
}

}  // namespace

Result<ApplierRun> try_edit(Subject& subject, const CheckBench& bench, const HomeFiles& files,
                            PluginFunction function, const std::string& op,
                            const json::object& payload) {
  const auto stage = bench.stage(files);
  if (!stage) return stage.error();
  const fs::path& home = (*stage)->root();
  const auto before = contents(bench.folder, home);
  auto outcome = subject.call(
      function, json::serialize(sdk::to_json(sdk::EditRequest{op, "", payload, home.string()})));
  return ApplierRun{std::move(outcome), (*stage)->changes(),
                    first_difference(before, contents(bench.folder, home))};
}

}  // namespace jarvis
