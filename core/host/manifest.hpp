#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/model/edit.hpp"
#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** The dialect that everything is written for which does not name another. */
inline constexpr const char* kOwnDialect = "jarvis";

/** What holds instead of a Provided's own where the home is written in another dialect. */
struct InDialect {
  std::string summary;
  std::vector<std::string> touches;
  std::vector<std::string> honours;
};

/** One thing that a plugin offers; docs/plugin-manifest.md says which keys each interface has. */
struct Provided {
  std::string interface;
  std::string id;
  std::string summary;
  // edit-applier
  std::string pillar;
  Tier tier = Tier::review;
  json::object payload_schema;
  json::object example;
  std::vector<std::string> touches;
  // diagnostic-tool
  json::object parameters;
  // teacher-engine
  std::string base_url;
  std::vector<std::string> key_env;
  bool free_on_private_address = false;
  std::vector<std::string> serves;
  // student-runner
  std::vector<std::string> honours;
  std::vector<std::string> tools;
  // edit-applier, student-runner: by the dialect's name
  std::map<std::string, InDialect> dialects = {};
  // teacher-engine, student-runner, judge
  bool offline = false;

  /** What holds in that dialect; nothing for another than kOwnDialect that `dialects` lacks. */
  std::optional<InDialect> in(const std::string& dialect) const;
};

/** plugin.toml, checked. */
struct Manifest {
  std::string id;
  std::string version;
  unsigned abi_major = 0;
  unsigned abi_minor = 0;
  std::string summary;
  std::string sha256;
  bool wants_process = false;    ///< isolation = "process"
  json::object settings_schema;  ///< empty: the plugin takes no settings
  std::filesystem::path directory;
  std::filesystem::path library;  ///< inside `directory`
  std::vector<Provided> provides;

  const Provided* find(const std::string& interface, const std::string& provided_id) const;
};

/** Reads `<directory>/plugin.toml`. No code of the plugin runs. The error names file and key. */
Result<Manifest> read_manifest(const std::filesystem::path& directory);

/** `[a-z0-9][a-z0-9_-]{0,63}`: what a plugin, op, tool, engine, runner or judge may be called. */
bool is_plugin_name(const std::string& name);

}  // namespace jarvis
