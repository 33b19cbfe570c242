#include "core/host/honours.hpp"

#include <algorithm>
#include <jarvis/text/toml_document.hpp>

#include "core/host/changed_keys.hpp"

namespace jarvis {

namespace {

constexpr std::string_view kConfigPrefix = "config.toml:";

Error no_effect(const std::string& setting, const Provided& runner) {
  return {ErrorKind::refused,
          "no effect on this student: its runner '" + runner.id + "' does not read " + setting, ""};
}

/** A file's path against "agents/<any>/system_prompt.md"; what stands behind a colon is a key
 * inside it. */
bool file_matches(const std::string& honoured, const std::string& path) {
  const std::string pattern = honoured.substr(0, honoured.find(':'));
  const std::size_t star = pattern.find('*');
  if (star == std::string::npos) return pattern == path;
  const std::string tail = pattern.substr(star + 1);
  return path.size() >= star + tail.size() && path.compare(0, star, pattern, 0, star) == 0 &&
         path.compare(path.size() - tail.size(), tail.size(), tail) == 0;
}

bool reads_key(const std::vector<std::string>& honours, const ConfigKey& key) {
  return std::any_of(honours.begin(), honours.end(), [&](const std::string& honoured) {
    return honoured.rfind(kConfigPrefix, 0) == 0 &&
           KeyPattern::parse(honoured.substr(kConfigPrefix.size())).covers(key);
  });
}

bool reads_file(const std::vector<std::string>& honours, const std::string& path) {
  return std::any_of(honours.begin(), honours.end(),
                     [&](const std::string& honoured) { return file_matches(honoured, path); });
}

}  // namespace

Result<void> check_tool_offered(const json::object& payload, const Provided& runner) {
  const std::string tool = sdk::optional_string(payload, "tool_name");
  const auto& offered = runner.tools;
  if (tool.empty() || offered.empty() ||
      std::find(offered.begin(), offered.end(), tool) != offered.end())
    return {};
  std::string list;
  for (const std::string& name : offered) list += (list.empty() ? "" : ", ") + name;
  return Error{ErrorKind::refused,
               "no effect on this student: its runner '" + runner.id +
                   "' does not offer the tool '" + tool + "'",
               "it offers: " + list};
}

Result<void> check_honoured(const std::vector<FileChange>& changes, const Provided& runner,
                            const std::string& dialect) {
  const auto own = runner.in(dialect);
  const std::vector<std::string>& honours = own ? own->honours : runner.honours;
  for (const FileChange& change : changes) {
    if (change.path != "config.toml") {
      if (!reads_file(honours, change.path)) return no_effect("'" + change.path + "'", runner);
      continue;
    }
    const auto keys = changed_keys(change);
    if (!keys) return keys.error();
    for (const ConfigKey& key : *keys)
      if (!reads_key(honours, key))
        return no_effect("'" + text::dotted(key) + "' in config.toml", runner);
  }
  return {};
}

}  // namespace jarvis
