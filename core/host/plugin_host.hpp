#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/host/isolation/limits.hpp"
#include "core/host/manifest.hpp"
#include "core/host/plugin.hpp"

namespace jarvis {

/** Where a plugin's code runs. */
enum class Isolation { in_process, process };

/** Where plugins are looked for, which of them may be loaded, and where they run. */
struct PluginPolicy {
  std::filesystem::path built_in;
  std::vector<std::filesystem::path> directories;  ///< third-party ones, in order of precedence
  std::vector<std::string> allow;                  ///< names of third-party plugins, or "*"
  std::map<std::string, std::string> pinned;       ///< name → sha256
  std::map<std::string, json::object> settings;    ///< name → the plugin's own table
  std::map<std::string, Isolation> isolation;      ///< name or "*" → the user's own choice
  IsolationLimits limits;                          ///< of each plugin's process
  std::filesystem::path home;                      ///< what a student runner may read as well
};

/** What became of one plugin folder. */
struct PluginEntry {
  Manifest manifest;  ///< of a refused one: as far as it could be read
  std::filesystem::path directory;
  bool built_in = false;
  Isolation isolation = Isolation::in_process;
  std::string refusal;  ///< empty: accepted
  std::string hint;
};

/** One thing that an accepted plugin offers. The pointers live as long as the PluginHost. */
struct Offer {
  const PluginEntry* plugin = nullptr;
  const Provided* provided = nullptr;
};

/** The plugins of this program. Manifests are read once, at construction; a library is opened when
 * it is first needed. Safe to call from many threads. */
class PluginHost {
 public:
  explicit PluginHost(PluginPolicy policy);
  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;

  /** All folders with a manifest, accepted or refused, sorted by name. */
  const std::vector<PluginEntry>& entries() const { return entries_; }
  /** What accepted plugins offer for an interface, sorted by its id. */
  std::vector<Offer> offers(const std::string& interface) const;
  /** not_found lists what there is. */
  Result<Offer> find(const std::string& interface, const std::string& id) const;
  /** Loads the library of an offer, once, into this process or one of its own; later calls give the
   * same plugin, or the same refusal. */
  Result<const Plugin*> load(const PluginEntry& entry);

 private:
  void read_folder(const std::filesystem::path& folder, bool built_in);
  void judge(PluginEntry& entry) const;
  Isolation isolation_of(const PluginEntry& entry) const;
  json::object settings_of(const PluginEntry& entry) const;
  Result<std::unique_ptr<Plugin>> open(const PluginEntry& entry) const;

  struct Slot {
    std::unique_ptr<Plugin> plugin;
    Error refusal;
  };

  PluginPolicy policy_;
  std::vector<PluginEntry> entries_;
  std::mutex mutex_;
  std::map<const PluginEntry*, Slot> loaded_;
};

/** `<folder of this program>/../lib/jarvis/plugins`: the same in a build tree and when installed.
 */
std::filesystem::path built_in_plugins();

}  // namespace jarvis
